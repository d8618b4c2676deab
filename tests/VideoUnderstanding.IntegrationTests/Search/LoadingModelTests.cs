using System.Net;
using System.Net.Http.Json;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>Requests that need a model while it is loaded. The model files of the server are placeholders, so loading fails.</summary>
public sealed class LoadingModelTests(DatabaseTemplate template)
{
    [Theory]
    [InlineData("visual")]
    [InlineData("conversation")]
    public async Task A_search_gets_Retry_After_while_its_model_is_loaded_and_then_the_reason_of_the_failure(
        string option)
    {
        await using var server = await TestServer.StartAsync(template, new Dictionary<string, string?>());
        var index = await server.AddIndexAsync();
        await server.AddVideoAsync(index);
        using var client = server.CreateClient();
        Task<HttpResponseMessage> SearchAsync()
            => client.PostAsJsonAsync("/v1.1/search", new { query = "red", index_id = index.Id, search_options = new[] { option } });

        using (var early = await SearchAsync())
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);
            Assert.Equal("5", early.Headers.GetValues("Retry-After").Single());
            var text = await early.Content.ReadAsStringAsync();
            Assert.Contains("model_unavailable", text, StringComparison.Ordinal);
            Assert.Contains("is being loaded", text, StringComparison.Ordinal);
        }

        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (true)
        {
            using var late = await SearchAsync();
            Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
            if (!(await late.Content.ReadAsStringAsync()).Contains("is being loaded", StringComparison.Ordinal))
            {
                Assert.False(late.Headers.Contains("Retry-After"));
                break;
            }
            await Task.Delay(50, timeout.Token);
        }
    }
}

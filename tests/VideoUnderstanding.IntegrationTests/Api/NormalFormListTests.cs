using System.Net.Http.Json;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Api;

/// <summary>Filters of lists compare normalised text. Responses contain the text as it was received.</summary>
public sealed class NormalFormListTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Received = "Cafe\u0301 “Größe”.mp4";

    [Theory]
    [InlineData("filename", "café “größe”.mp4")]
    [InlineData("filename", "ＣＡＦÉ “GRÖSSE”.MP4")]
    [InlineData("title", "DON'T")]
    [InlineData("place", "straße")]
    [InlineData("O\u0308rt", "7")]
    public async Task Videos_are_found_by_values_with_the_same_normal_form(string name, string value)
    {
        var index = await server.AddIndexAsync();
        var (video, _) = await server.AddVideoAsync(index, filename: Received);
        await server.AddVideoAsync(index);
        using var client = server.CreateClient();
        await client.PutAsJsonAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}",
            new { video_title = "Don’t", metadata = new Dictionary<string, object> { ["place"] = "STRASSE", ["Ört"] = 7 } })
            .EmptyAsync(System.Net.HttpStatusCode.OK);

        var found = Assert.Single((await client
            .GetAsync($"/v1.1/indexes/{index.Id}/videos?{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}").JsonAsync()).Data());

        var metadata = found.GetProperty("metadata");
        Assert.Equal((Received, "Don’t", "STRASSE"), (metadata.GetProperty("filename").GetString(),
            metadata.GetProperty("title").GetString(), metadata.GetProperty("place").GetString()));
    }

    [Fact]
    public async Task Tasks_and_indexes_are_found_by_names_with_the_same_normal_form()
    {
        var name = $"Mu\u0308nchen {Guid.NewGuid():N}";
        var index = await server.AddIndexAsync(name);
        await server.AddVideoAsync(index, TaskState.Ready, filename: Received);
        using var client = server.CreateClient();

        var indexes = (await client.GetAsync($"/v1.1/indexes?index_name={Uri.EscapeDataString(name.ToUpperInvariant())}").JsonAsync())
            .Data();
        Assert.Equal(name, Assert.Single(indexes).GetProperty("index_name").GetString());
        var tasks = (await client.GetAsync($"/v1.1/tasks?index_id={index.Id}&filename={Uri.EscapeDataString("CAFÉ “größe”.mp4")}")
            .JsonAsync()).Data();
        Assert.Equal(Received, Assert.Single(tasks).GetProperty("metadata").GetProperty("filename").GetString());
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Api;

public sealed class RequestsInGeneralTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly HttpClient _client = server.CreateClient();

    [Theory]
    [InlineData("/v1.1/engines/")]
    [InlineData("/p/v1.1/engines")]
    [InlineData("/p/v1.1/engines/")]
    [InlineData("/v1.1/indexes/")]
    [InlineData("/v1.1/tasks/")]
    [InlineData("/v1.1/indexes/tasks")]
    [InlineData("/v1.1/indexes/tasks/?page=2")]
    public async Task Aliases_and_trailing_slashes_are_answered_without_a_redirect(string path)
        => await _client.GetAsync(path).JsonAsync();

    [Fact]
    public async Task Posting_with_a_trailing_slash_works()
        => await _client.PostAsJsonAsync("/v1.1/indexes/", new { }).ErrorAsync(HttpStatusCode.BadRequest, "parameter_not_provided");

    [Fact]
    public async Task A_request_without_a_key_is_refused()
    {
        using var stranger = server.CreateClient(withKey: false);
        var message = await stranger.GetAsync("/v1.1/indexes").ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid");
        Assert.Contains("no API key", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_in_the_wrong_header_and_a_wrong_key_have_different_errors()
    {
        using var bearer = server.CreateClient(withKey: false);
        bearer.DefaultRequestHeaders.Authorization = new("Bearer", server.Key);
        var message = await bearer.GetAsync("/v1.1/indexes").ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid");
        Assert.Contains("Authorization", message, StringComparison.Ordinal);
        Assert.Contains("x-api-key", message, StringComparison.Ordinal);
        Assert.Contains("either invalid or expired",
            await WithKeyAsync("tlk_WRONG").ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_refused_before_the_body_is_read()
    {
        using var stranger = server.CreateClient(withKey: false);
        stranger.DefaultRequestHeaders.Add("X-API-KEY", "tlk_WRONG");
        await stranger.PostAsync("/v1.1/indexes", new StringContent("{ not json"))
            .ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid");
    }

    [Fact]
    public async Task A_revoked_key_and_an_expired_key_are_refused()
    {
        await using var scope = server.Services.CreateAsyncScope();
        var keys = scope.ServiceProvider.GetRequiredService<ApiKeyStore>();
        var (revoked, revokedSecret) = await keys.CreateAsync("revoked", CancellationToken.None);
        var (_, goodSecret) = await keys.CreateAsync("good", CancellationToken.None);
        var (expired, expiredSecret) = await keys.CreateAsync("expired", CancellationToken.None);
        await keys.RevokeAsync(revoked.Id, CancellationToken.None);
        await using (var db = server.Database.Open())
            await db.ApiKeys.Where(key => key.Id == expired.Id)
                .ExecuteUpdateAsync(key => key.SetProperty(row => row.ExpiresAt, server.Clock.GetUtcNow()));

        await WithKeyAsync(goodSecret).JsonAsync();
        await WithKeyAsync(revokedSecret).ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid");
        await WithKeyAsync(expiredSecret).ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid");
    }

    [Theory]
    [InlineData("/v1.1/nothing")]
    [InlineData("/v1.1")]
    [InlineData("/v1.2/indexes")]
    [InlineData("/v1.1/indexes/640080b29a4b2f0c1d3e5a02/videos/640080b29a4b2f0c1d3e5a02/nothing")]
    public async Task An_unknown_route_is_a_JSON_error(string path)
    {
        using var stranger = server.CreateClient(withKey: false);
        var message = await stranger.GetAsync(path).ErrorAsync(HttpStatusCode.NotFound, "endpoint_not_exists");
        Assert.Contains($"GET {path}", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_method_is_a_JSON_error_with_the_allowed_methods()
    {
        using var response = await _client.PatchAsync("/v1.1/indexes", null);
        Assert.Equal(["GET", "HEAD", "POST"], response.Content.Headers.Allow.Order());
        await _client.PatchAsync("/v1.1/indexes", null).ErrorAsync(HttpStatusCode.MethodNotAllowed, "endpoint_not_exists");
    }

    [Theory]
    [InlineData("{ not json", "parameter_invalid", "not valid JSON")]
    [InlineData("[]", "parameter_invalid", "must be a JSON object")]
    [InlineData("", "parameter_not_provided", "engine_id, index_options, index_name")]
    [InlineData("""{"engine_id":"marengo2","engine_id":"marengo"}""", "parameter_invalid", "not valid JSON")]
    [InlineData("""{"engine_id":2}""", "parameter_invalid", "The engine_id parameter is invalid. It must be a text.")]
    [InlineData("""{"index_options":"visual"}""", "parameter_invalid", "The index_options parameter is invalid. It must be a list.")]
    [InlineData("""{"index_options":[1]}""", "parameter_invalid", "index_options[0]")]
    [InlineData("""{"colour":"red"}""", "parameter_unknown", "colour")]
    [InlineData("""{"indexName":"red"}""", "parameter_unknown", "Did you mean index_name?")]
    [InlineData("""{"index_name":"\ud800"}""", "parameter_invalid", "index_name")]
    [InlineData("""{"index_name":"a\u0000b"}""", "parameter_invalid", "U+0000")]
    public async Task A_malformed_body_is_refused_with_the_reason(string body, string code, string words)
    {
        var message = await _client.PostAsync("/v1.1/indexes", new StringContent(body)).ErrorAsync(HttpStatusCode.BadRequest, code);
        Assert.Contains(words, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JSON_is_read_with_any_content_type_and_null_means_absent()
    {
        using var body = new StringContent(
            """{"engine_id":"marengo2","index_options":["visual"],"index_name":"wrong type","addons":null}""", Encoding.UTF8,
            "multipart/form-data");
        await _client.PostAsync("/v1.1/indexes", body).JsonAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_content_type_on_a_GET_without_a_body_is_ignored()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1.1/indexes") { Content = new ByteArrayContent([]) };
        request.Content.Headers.ContentType = new("application/json");
        await _client.SendAsync(request).JsonAsync();
    }

    [Fact]
    public async Task A_JSON_body_of_more_than_a_megabyte_is_refused()
    {
        using var body = new StringContent($$"""{"index_name":"{{new string('a', 3 * 1024 * 1024)}}"}""");
        await _client.PostAsync("/v1.1/indexes", body).ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
    }

    [Fact]
    public async Task An_unexpected_failure_is_a_JSON_error_without_a_stack_trace()
    {
        await using var broken = await TestServer.StartAsync(server.Template, new Dictionary<string, string?>());
        await using (var db = broken.Database.Open())
            await db.Database.ExecuteSqlRawAsync("DROP TABLE video_indexes CASCADE");
        using var client = broken.CreateClient();

        var message = await client.GetAsync("/v1.1/indexes").ErrorAsync(HttpStatusCode.InternalServerError, "internal_server_error");
        Assert.Equal("Internal server error.", message);
    }

    private Task<HttpResponseMessage> WithKeyAsync(string key)
    {
        var client = server.CreateClient(withKey: false);
        client.DefaultRequestHeaders.Add("x-api-key", key);
        return client.GetAsync("/v1.1/indexes");
    }
}

using System.Net;
using Microsoft.Extensions.Options;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Guard;

public sealed class CrossOriginTests(DatabaseTemplate template)
{
    private const string Origin = "https://app.example.org";

    [Fact]
    public async Task An_allowed_origin_can_send_a_preflight_without_a_key_and_read_responses()
    {
        await using var server = await StartAsync($"{Origin}, http://127.0.0.1:3000");
        using var client = server.CreateClient();
        foreach (var path in new[] { "/v1.1/indexes", "/v1.1/search", "/admin/webhooks", "/v1.1/nothing" })
        {
            using var allowed = await PreflightAsync(server, path, Origin);
            Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
            Assert.Equal(Origin, Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Origin")));
            Assert.Contains("DELETE", Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Methods")), StringComparison.Ordinal);
            Assert.Contains("x-api-key", Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Headers")),
                StringComparison.Ordinal);
        }

        using var answer = await GetAsync(client, "/v1.1/indexes", Origin);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Origin, Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Contains("X-Api-Version", string.Join(',', answer.Headers.GetValues("Access-Control-Expose-Headers")),
            StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
        // Pages of the allowed origin can also read errors.
        using var error = await GetAsync(client, "/v1.1/indexes/unknown", "http://127.0.0.1:3000");
        Assert.Equal(HttpStatusCode.BadRequest, error.StatusCode);
        Assert.True(error.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Other_origins_and_the_session_API_get_no_CORS_headers()
    {
        await using var server = await StartAsync(Origin);
        using var client = server.CreateClient();
        using var foreign = await PreflightAsync(server, "/v1.1/indexes", "https://evil.example.org");
        using var answer = await GetAsync(client, "/v1.1/indexes", "https://evil.example.org");
        using var session = await GetAsync(client, "/app/session", Origin);
        Assert.All([foreign, answer, session],
            response => Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"), $"{response}"));
    }

    [Fact]
    public async Task No_origin_is_allowed_unless_it_is_configured()
    {
        await using var server = await StartAsync("");
        using var preflight = await PreflightAsync(server, "/v1.1/indexes", Origin);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, preflight.StatusCode);
        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task An_asterisk_allows_every_origin()
    {
        await using var server = await StartAsync("*");
        using var preflight = await PreflightAsync(server, "/v1.1/indexes", Origin);
        Assert.Equal("*", Assert.Single(preflight.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Theory]
    [InlineData("app.example.org")]
    [InlineData("https://app.example.org/")]
    [InlineData("https://app.example.org/page")]
    [InlineData("ftp://app.example.org")]
    public async Task An_invalid_origin_stops_the_start(string origin)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(origin));
        Assert.Contains("AllowedOrigins", refused.Message, StringComparison.Ordinal);
    }

    private Task<TestServer> StartAsync(string origins)
        => TestServer.StartAsync(template, new Dictionary<string, string?> { ["VideoUnderstanding:Cors:AllowedOrigins"] = origins });

    private static async Task<HttpResponseMessage> PreflightAsync(TestServer server, string path, string origin)
    {
        using var client = server.CreateClient(withKey: false);
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "DELETE");
        request.Headers.Add("Access-Control-Request-Headers", "x-api-key, content-type");
        return await client.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, string path, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Origin", origin);
        return await client.SendAsync(request);
    }
}

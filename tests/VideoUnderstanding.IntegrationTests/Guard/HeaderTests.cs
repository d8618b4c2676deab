using System.Net.Http.Headers;
using VideoUnderstanding.IntegrationTests.App;

namespace VideoUnderstanding.IntegrationTests.Guard;

/// <summary>Security headers of all responses, including errors.</summary>
public sealed class HeaderTests(AppServer server) : IClassFixture<AppServer>
{
    private const string Nothing = "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

    [Theory]
    [InlineData("/v1.1/engines")]
    [InlineData("/v1.1/nothing")]
    [InlineData("/nothing")]
    [InlineData("/openapi/v1.1.json")]
    [InlineData("/health/live")]
    [InlineData("/media/thumbnails/640080b29a4b2f0c1d3e5a02.jpeg")]
    [InlineData("/media/streams/640080b29a4b2f0c1d3e5a02/1-0/index.m3u8")]
    [InlineData("/admin/webhooks")]
    [InlineData("/app/session")]
    [InlineData("/app/keys")]
    public async Task Responses_other_than_pages_have_a_policy_that_allows_nothing(string path)
    {
        using var answer = await server.Browse().Http.GetAsync(path);
        AssertStrict(answer.Headers, Nothing);
        if (path.StartsWith("/app/", StringComparison.Ordinal))
            Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Documentation_pages_run_only_scripts_with_the_nonce_of_the_response()
    {
        using var browser = server.Browse();
        var nonces = new HashSet<string>();
        for (var visits = 0; visits < 2; visits++)
        {
            using var answer = await browser.Http.GetAsync("/docs/");
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            var nonce = policy.Split("'nonce-")[1].Split('\'')[0];
            Assert.Contains($"script-src 'self' 'nonce-{nonce}';", policy, StringComparison.Ordinal);
            AssertStrict(answer.Headers, policy);
            var page = await answer.Content.ReadAsStringAsync();
            Assert.All(page.Split("<script").Skip(1),
                script => Assert.Contains($"nonce=\"{nonce}\"", script.Split('>')[0], StringComparison.Ordinal));
            Assert.True(nonces.Add(nonce));
        }
    }

    [Fact]
    public async Task HSTS_is_sent_over_TLS_only()
    {
        using var plain = await server.Browse().Http.GetAsync("/v1.1/engines");
        Assert.False(plain.Headers.Contains("Strict-Transport-Security"));
        using var secure = await server.Browse(overTls: true).Http.GetAsync("/v1.1/engines");
        Assert.Equal("max-age=31536000", secure.Headers.GetValues("Strict-Transport-Security").Single());
    }

    private static void AssertStrict(HttpResponseHeaders headers, string policy)
    {
        Assert.Equal("nosniff", headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("DENY", headers.GetValues("X-Frame-Options").Single());
        Assert.Equal(policy, headers.GetValues("Content-Security-Policy").Single());
        Assert.False(headers.Contains("Server"));
        Assert.Equal("1.1", headers.GetValues("X-Api-Version").Single());
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.App;

/// <summary>The server sends the built files of the web app.</summary>
public sealed partial class AppFileTests(AppServer server) : IClassFixture<AppServer>
{
    private const int MaxBytes = 250_000;

    [Theory]
    [InlineData("/")]
    [InlineData("/sign-in")]
    [InlineData("/setup")]
    [InlineData("/search")]
    [InlineData("/combined")]
    [InlineData("/classify")]
    [InlineData("/indexes/640080b29a4b2f0c1d3e5a02")]
    [InlineData("/indexes/640080b29a4b2f0c1d3e5a02/videos/640080b29a4b2f0c1d3e5a03")]
    [InlineData("/keys")]
    [InlineData("/webhooks")]
    [InlineData("/integrations")]
    [InlineData("/users")]
    [InlineData("/server")]
    [InlineData("/account")]
    public async Task Every_address_of_the_app_has_the_page_under_a_strict_policy(string path)
    {
        using var browser = server.Browse();
        using var answer = await browser.Http.GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl?.NoCache);
        Assert.Contains("<html lang=\"en\">", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_load_is_small_complete_and_from_this_server()
    {
        using var browser = server.Browse();
        browser.Http.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("br"));
        using var page = await browser.Http.GetAsync("/");
        Assert.Equal("br", Assert.Single(page.Content.Headers.ContentEncoding));
        using var plain = server.Browse();
        var sources = Source().Matches(await plain.Http.GetStringAsync("/")).Select(match => match.Groups[1].Value).ToList();
        Assert.True(sources.Count >= 3);
        var bytes = (await page.Content.ReadAsByteArrayAsync()).Length;
        foreach (var source in sources)
        {
            Assert.StartsWith("/assets/", source, StringComparison.Ordinal);
            using var file = await browser.Http.GetAsync(source);
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            Assert.Contains("immutable", file.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
            bytes += (await file.Content.ReadAsByteArrayAsync()).Length;
        }
        Assert.InRange(bytes, 1, MaxBytes);
    }

    [Fact]
    public async Task A_file_that_the_browser_has_is_not_sent_again_and_an_unknown_one_is_not_found()
    {
        using var browser = server.Browse();
        using var page = await browser.Http.GetAsync("/");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/");
        again.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        using var answer = await browser.Http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
        await browser.Http.GetAsync("/assets/index-unknown.js").ErrorAsync(HttpStatusCode.NotFound, "endpoint_not_exists");
        await browser.Http.GetAsync("/unknown").ErrorAsync(HttpStatusCode.NotFound, "endpoint_not_exists");
    }

    [GeneratedRegex("""(?:src|href)="([^"]+)""")]
    private static partial Regex Source();
}

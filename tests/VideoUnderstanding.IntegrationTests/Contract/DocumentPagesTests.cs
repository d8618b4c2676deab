using System.Net;
using System.Text.RegularExpressions;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Contract;

public sealed partial class DocumentPagesTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_document_contains_the_address_of_the_requested_server()
    {
        using var client = server.CreateClient(withKey: false);
        var document = await client.GetAsync("/openapi/v1.1.json").JsonAsync();
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString());
        Assert.Equal(new Uri(server.Address, "v1.1"), new Uri(document.GetProperty("servers")[0].GetProperty("url").GetString()!));
    }

    [Fact]
    public async Task The_documentation_page_loads_files_only_from_this_server()
    {
        using var client = server.CreateClient(withKey: false);
        using var page = await client.GetAsync("/docs/");
        var html = await page.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("openapi/v1.1.json", html);
        var sources = Source().Matches(html).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(sources);
        foreach (var source in sources)
        {
            Assert.DoesNotContain("//", source);
            using var file = await client.GetAsync(new Uri(new Uri(server.Address, "/docs/"), source));
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            Assert.NotEmpty(await file.Content.ReadAsByteArrayAsync());
        }
    }

    [GeneratedRegex("""(?:src|href)="([^"]+)"|import [^"']*["']([^"']+)["']""")]
    private static partial Regex Source();
}

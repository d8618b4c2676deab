using System.Net;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Api;

public sealed class HeadRequestTests(TestServer server, SampleClips clips) : IClassFixture<TestServer>
{
    private readonly HttpClient _client = server.CreateClient();

    [Theory]
    [InlineData("/v1.1/engines")]
    [InlineData("/p/v1.1/indexes/")]
    [InlineData("/v1.1/tasks?page_limit=1")]
    [InlineData("/v1.1/indexes/640080b29a4b2f0c1d3e5a02")]
    [InlineData("/v1.1/search/expired")]
    [InlineData("/v1.1/nothing")]
    [InlineData("/admin/webhooks")]
    [InlineData("/admin/logos")]
    [InlineData("/health/live")]
    [InlineData("/openapi/v1.1.json")]
    [InlineData("/docs")]
    [InlineData("/")]
    [InlineData("/app/session")]
    public async Task HEAD_has_the_status_and_type_of_GET_and_no_body(string path)
    {
        using var get = await _client.GetAsync(path);
        using var head = await SendAsync(path);
        Assert.Equal((get.StatusCode, get.Content.Headers.ContentType), (head.StatusCode, head.Content.Headers.ContentType));
        Assert.Equal(get.Headers.Contains("X-Api-Version"), head.Headers.Contains("X-Api-Version"));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task HEAD_of_a_file_returns_its_length()
    {
        var index = await server.AddIndexAsync(addons: ["thumbnail"]);
        var (video, _) = await server.AddVideoAsync(index, duration: 5);
        File.Copy(clips.WithSound, server.Files.VideoPath(video.Id));
        var answer = await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}/thumbnail?time=1").JsonAsync();
        var address = answer.GetProperty("thumbnail").GetString()!;

        var bytes = await _client.GetByteArrayAsync(address);
        using var head = await SendAsync(address);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(bytes.Length, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task HEAD_needs_a_key_as_GET_does_and_is_not_allowed_where_there_is_no_GET()
    {
        using var stranger = server.CreateClient(withKey: false);
        using var request = new HttpRequestMessage(HttpMethod.Head, "/v1.1/indexes");
        using var refused = await stranger.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var wrong = await SendAsync("/v1.1/search");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrong.StatusCode);
        Assert.Equal(["POST"], wrong.Content.Headers.Allow);
    }

    private async Task<HttpResponseMessage> SendAsync(string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, address);
        return await _client.SendAsync(request);
    }
}

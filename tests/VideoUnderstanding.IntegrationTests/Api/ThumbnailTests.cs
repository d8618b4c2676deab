using System.Net;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Api;

public sealed class ThumbnailTests(TestServer server, SampleClips clips) : IClassFixture<TestServer>
{
    private readonly HttpClient _client = server.CreateClient();

    [Theory]
    [InlineData("")]
    [InlineData("?time=0")]
    [InlineData("?time=5")]
    [InlineData("?time=1.25")]
    public async Task The_address_returns_a_JPEG_without_a_key(string query)
    {
        var (index, video) = await AddAsync("thumbnail");
        var address = await AddressAsync(index, video, query);
        using var stranger = server.CreateClient(withKey: false);

        for (var time = 1; time <= 2; time++)
        {
            using var response = await stranger.GetAsync(address);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("image/jpeg", response.Content.Headers.ContentType?.MediaType);
            Assert.Equal([0xFF, 0xD8, 0xFF], (await response.Content.ReadAsByteArrayAsync())[..3]);
        }
    }

    [Fact]
    public async Task The_address_expires_after_an_hour()
    {
        await using var own = await TestServer.StartAsync(server.Template, new Dictionary<string, string?>());
        var index = await own.AddIndexAsync(addons: ["thumbnail"]);
        var (video, _) = await own.AddVideoAsync(index, duration: 5);
        File.Copy(clips.Silent, own.Files.VideoPath(video.Id));
        using var client = own.CreateClient();
        var address = (await client.GetAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}/thumbnail").JsonAsync()).GetProperty("thumbnail")
            .GetString();

        own.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(address)).StatusCode);
        own.Clock.Advance(TimeSpan.FromMinutes(1));
        await client.GetAsync(address).ErrorAsync(HttpStatusCode.Forbidden, "parameter_invalid");
    }

    [Fact]
    public async Task A_changed_address_is_refused()
    {
        var (index, video) = await AddAsync("thumbnail");
        var address = await AddressAsync(index, video, "?time=1");

        await _client.GetAsync(address.Replace("time=1", "time=2", StringComparison.Ordinal))
            .ErrorAsync(HttpStatusCode.Forbidden, "parameter_invalid");
        await _client.GetAsync(address.Replace("expires=1", "expires=2", StringComparison.Ordinal))
            .ErrorAsync(HttpStatusCode.Forbidden, "parameter_invalid");
        await _client.GetAsync(address[..address.IndexOf('?', StringComparison.Ordinal)])
            .ErrorAsync(HttpStatusCode.Forbidden, "parameter_invalid");
    }

    [Fact]
    public async Task After_deletion_the_address_is_not_found()
    {
        var (index, video) = await AddAsync("thumbnail");
        var address = await AddressAsync(index, video, "");
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync(address)).StatusCode);

        await _client.DeleteAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}").EmptyAsync(HttpStatusCode.NoContent);
        await _client.GetAsync(address).ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
    }

    [Theory]
    [InlineData("?time=5.1")]
    [InlineData("?time=-1")]
    [InlineData("?time=now")]
    public async Task A_time_outside_the_video_is_refused(string query)
    {
        var (index, video) = await AddAsync("thumbnail");
        await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}/thumbnail{query}")
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
    }

    [Fact]
    public async Task An_index_without_the_addon_has_no_thumbnails()
    {
        var (index, video) = await AddAsync();
        await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}/thumbnail")
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
    }

    private async Task<string> AddressAsync(VideoIndex index, Video video, string query)
    {
        var answer = await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}/thumbnail{query}").JsonAsync();
        Assert.Equal(["thumbnail"], answer.Names());
        var address = answer.GetProperty("thumbnail").GetString()!;
        Assert.StartsWith($"{server.Address.GetLeftPart(UriPartial.Authority)}/media/thumbnails/{video.Id}.jpeg?", address,
            StringComparison.Ordinal);
        return address;
    }

    private async Task<(VideoIndex Index, Video Video)> AddAsync(params string[] addons)
    {
        var index = await server.AddIndexAsync(addons: addons);
        var (video, _) = await server.AddVideoAsync(index, duration: 5);
        File.Copy(clips.Silent, server.Files.VideoPath(video.Id));
        return (index, video);
    }
}

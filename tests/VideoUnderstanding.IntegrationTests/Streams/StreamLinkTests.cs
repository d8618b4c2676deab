using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Streams;

/// <summary>The <c>hls</c> member and the signed addresses in it. CONTRACT, section 6.1.</summary>
public sealed class StreamLinkTests(TestServer server, StreamClips clips, SampleClips samples)
    : IClassFixture<TestServer>, IClassFixture<StreamClips>
{
    private readonly HttpClient _client = server.CreateClient();
    private readonly HttpClient _anonymous = server.CreateClient(withKey: false);

    [Fact]
    public async Task Ready_tasks_and_videos_have_an_hls_member()
    {
        var (index, video, task) = await server.AddPlayableAsync(clips.Copied);
        JsonElement[] answers =
        [
            await server.VideoAsync(video), await _client.GetAsync($"/v1.1/tasks/{task.Id}").JsonAsync(),
            (await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos").JsonAsync()).Data()[0],
            (await _client.GetAsync($"/v1.1/tasks?index_id={index.Id}").JsonAsync()).Data()[0],
        ];
        foreach (var hls in answers.Select(answer => answer.GetProperty("hls")))
        {
            Assert.Equal(["video_url", "thumbnail_urls", "status", "updated_at"], hls.Names());
            Assert.Equal("COMPLETE", hls.GetProperty("status").GetString());
            Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", hls.GetProperty("updated_at").GetString());
            Assert.Matches($"^{server.Address}media/streams/{video.Id}/[0-9]+-[0-9a-f]{{64}}/index\\.m3u8$",
                hls.GetProperty("video_url").GetString());
            // The index does not have the thumbnail add-on.
            var picture = Assert.Single(hls.GetProperty("thumbnail_urls").EnumerateArray().ToList()).GetString();
            using var response = await _anonymous.GetAsync(picture);
            Assert.Equal("image/jpeg", response.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public async Task There_is_no_hls_member_before_the_video_is_ready_or_after_its_deletion()
    {
        var index = await server.AddIndexAsync();
        foreach (var state in (TaskState[])[TaskState.Validating, TaskState.Pending, TaskState.Indexing, TaskState.Failed])
        {
            var (video, task) = await server.AddVideoAsync(index, state);
            Assert.DoesNotContain("hls", (await server.VideoAsync(video)).Names());
            Assert.DoesNotContain("hls", (await _client.GetAsync($"/v1.1/tasks/{task.Id}").JsonAsync()).Names());
        }
        var (_, gone, ready) = await server.AddPlayableAsync(clips.Copied);
        await _client.DeleteAsync($"/v1.1/indexes/{gone.IndexId}/videos/{gone.Id}").EmptyAsync(HttpStatusCode.NoContent);
        Assert.DoesNotContain("hls", (await _client.GetAsync($"/v1.1/tasks/{ready.Id}").JsonAsync()).Names());
    }

    [Theory]
    [InlineData("true", false)]
    [InlineData("True", false)]
    [InlineData("false", true)]
    [InlineData(null, true)]
    public async Task An_upload_can_disable_playback(string? value, bool isOffered)
    {
        var index = await server.AddIndexAsync(options: [IndexOptions.Visual]);
        var id = (await UploadAsync(index, value).JsonAsync(HttpStatusCode.Created)).Id();
        await using (var db = server.Database.Open())
        {
            var taskRow = await db.Tasks.SingleAsync(row => row.Id == id);
            taskRow.State = TaskState.Ready;
            (await db.Videos.SingleAsync(row => row.Id == taskRow.VideoId)).IndexedAt = server.Clock.GetUtcNow();
            await db.SaveChangesAsync();
        }
        var task = await _client.GetAsync($"/v1.1/tasks/{id}").JsonAsync();
        var video = await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos/{task.GetProperty("video_id").GetString()}").JsonAsync();

        Assert.Equal((isOffered, isOffered), (task.Names().Contains("hls"), video.Names().Contains("hls")));
    }

    [Fact]
    public async Task An_invalid_value_of_disable_video_stream_is_refused()
        => await UploadAsync(await server.AddIndexAsync(options: [IndexOptions.Visual]), "perhaps")
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");

    [Fact]
    public async Task The_address_expires_after_a_day()
    {
        await using var own = await TestServer.StartAsync(server.Template, new Dictionary<string, string?>());
        var (_, video, _) = await own.AddPlayableAsync(clips.Copied);
        var playlist = await own.PlaylistOfAsync(video);
        using var anonymous = own.CreateClient(withKey: false);
        var segment = (await StreamBench.SegmentsAsync(anonymous, playlist))[0].Address;

        own.Clock.Advance(TimeSpan.FromHours(23.9));
        Assert.Equal(HttpStatusCode.OK, (await anonymous.GetAsync(segment)).StatusCode);
        own.Clock.Advance(TimeSpan.FromHours(0.1));
        foreach (var address in (Uri[])[playlist, segment, new Uri(playlist, "original")])
            await anonymous.GetAsync(address).ErrorAsync(HttpStatusCode.Forbidden, "parameter_invalid");
    }

    [Fact]
    public async Task A_modified_address_is_refused()
    {
        var ((_, video, _), (_, other, _)) = (await server.AddPlayableAsync(clips.Copied), await server.AddPlayableAsync(clips.Copied));
        var address = (await server.PlaylistOfAsync(video)).AbsoluteUri;
        var signature = address.Split('/')[^2];
        string[] changed =
        [
            address.Replace(video.Id, other.Id, StringComparison.Ordinal),
            address.Replace(signature, "9" + signature, StringComparison.Ordinal),
            address.Replace(signature, signature[..^1] + (signature[^1] == '0' ? '1' : '0'), StringComparison.Ordinal),
            address.Replace(signature, signature.Split('-')[0], StringComparison.Ordinal),
            address.Replace(signature, "-", StringComparison.Ordinal),
            // The signature of a thumbnail is not valid for the video.
            address.Replace(signature.Split('-')[1], (await server.VideoAsync(video)).GetProperty("hls").GetProperty("thumbnail_urls")[0]
                .GetString()!.Split("signature=")[1], StringComparison.Ordinal),
        ];
        foreach (var wrong in changed)
            await _anonymous.GetAsync(wrong).ErrorAsync(HttpStatusCode.Forbidden, "parameter_invalid");
    }

    [Fact]
    public async Task Another_account_gets_no_address_and_an_address_is_valid_for_its_video_only()
    {
        var foreign = await server.AddAccountAsync();
        var index = await server.AddIndexAsync(accountId: foreign);
        var (hidden, _) = await server.AddVideoAsync(index);
        File.Copy(clips.Copied, server.Files.VideoPath(hidden.Id));
        await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos/{hidden.Id}").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");

        var (_, mine, _) = await server.AddPlayableAsync(clips.Copied);
        var address = (await server.PlaylistOfAsync(mine)).AbsoluteUri.Replace(mine.Id, hidden.Id, StringComparison.Ordinal);
        await _anonymous.GetAsync(address).ErrorAsync(HttpStatusCode.Forbidden, "parameter_invalid");
    }

    [Fact]
    public async Task A_video_with_disabled_playback_is_not_found()
    {
        var (_, video, _) = await server.AddPlayableAsync(clips.Copied);
        var playlist = await server.PlaylistOfAsync(video);
        await using (var db = server.Database.Open())
            await db.Videos.Where(row => row.Id == video.Id)
                .ExecuteUpdateAsync(row => row.SetProperty(column => column.IsStreamDisabled, true));

        await _anonymous.GetAsync(playlist).ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        Assert.DoesNotContain("hls", (await server.VideoAsync(video)).Names());
    }

    [Theory]
    [InlineData("bytes=0-9", 0, 10)]
    [InlineData("bytes=100-", 100, null)]
    [InlineData("bytes=-20", -20, 20)]
    public async Task Parts_of_the_original_file_can_be_downloaded(string range, int from, int? length)
    {
        var (_, video, _) = await server.AddPlayableAsync(clips.Copied);
        var content = await File.ReadAllBytesAsync(clips.Copied);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(await server.PlaylistOfAsync(video), "original"))
        {
            Headers = { Range = RangeHeaderValue.Parse(range) },
        };
        using var response = await _anonymous.SendAsync(request);

        var start = from < 0 ? content.Length + from : from;
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal("video/mp4", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(content.Length, response.Content.Headers.ContentRange?.Length);
        Assert.Equal(content.AsSpan(start, length ?? content.Length - start).ToArray(), await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task The_whole_original_file_can_be_downloaded_and_a_range_outside_is_refused()
    {
        var (_, video, _) = await server.AddPlayableAsync(clips.Copied);
        var address = new Uri(await server.PlaylistOfAsync(video), "original");
        Assert.Equal(await File.ReadAllBytesAsync(clips.Copied), await _anonymous.GetByteArrayAsync(address));
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new RangeHeaderValue(1 << 30, null) } };
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, (await _anonymous.SendAsync(request)).StatusCode);
    }

    private async Task<HttpResponseMessage> UploadAsync(VideoIndex index, string? disable)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(index.Id), "index_id" },
            { new ByteArrayContent(await File.ReadAllBytesAsync(samples.Silent)), "video_file", "clip.mp4" },
        };
        if (disable is not null)
            form.Add(new StringContent(disable), "disable_video_stream");
        return await _client.PostAsync("/v1.1/tasks", form);
    }
}

using System.Net;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Api;

public sealed class VideosTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly HttpClient _client = server.CreateClient();

    [Fact]
    public async Task A_video_has_its_metadata_and_custom_fields_at_one_level_and_no_index_id()
    {
        var index = await server.AddIndexAsync();
        var (video, _) = await server.AddVideoAsync(index, custom: """{"camera":"north","needs_review":true}""");

        var answer = await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}").JsonAsync();

        Assert.Equal(["_id", "metadata", "created_at", "updated_at", "indexed_at", "hls"], answer.Names());
        Assert.Equal(["filename", "duration", "fps", "width", "height", "size", "camera", "needs_review"],
            answer.GetProperty("metadata").Names());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", answer.GetProperty("created_at").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", answer.GetProperty("indexed_at").GetString());
    }

    [Fact]
    public async Task A_video_can_be_read_and_changed_before_it_is_indexed()
    {
        var index = await server.AddIndexAsync();
        var (video, _) = await server.AddVideoAsync(index, TaskState.Validating, duration: null);

        await PutAsync(index, video, """{"video_title":"Quay"}""").EmptyAsync(HttpStatusCode.OK);
        var answer = await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}").JsonAsync();

        Assert.DoesNotContain("indexed_at", answer.Names());
        Assert.DoesNotContain("duration", answer.GetProperty("metadata").Names());
        Assert.Equal("Quay", answer.GetProperty("metadata").GetProperty("title").GetString());
        Assert.Equal("clip.mp4", answer.GetProperty("metadata").GetProperty("filename").GetString());
    }

    [Fact]
    public async Task Metadata_is_merged_and_keeps_its_types()
    {
        var index = await server.AddIndexAsync();
        var (video, _) = await server.AddVideoAsync(index, custom: """{"camera":"north","shift":1}""");

        await PutAsync(index, video,
            """{"video_title":"North quay, morning","metadata":{"needs_review":false,"shift":3,"gain":1.5"""
                + ""","operator":"Rui","left_out":null,"huge":1e300,"long":12345678901234567890}}""").EmptyAsync(HttpStatusCode.OK);
        await PutAsync(index, video, """{"metadata":{"needs_review":true}}""").EmptyAsync(HttpStatusCode.OK);

        var metadata = (await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}").JsonAsync()).GetProperty("metadata");
        Assert.Equal("north", metadata.GetProperty("camera").GetString());
        Assert.Equal("3", metadata.GetProperty("shift").GetRawText());
        Assert.Equal("1.5", metadata.GetProperty("gain").GetRawText());
        Assert.True(metadata.GetProperty("needs_review").GetBoolean());
        Assert.Equal("12345678901234567890", metadata.GetProperty("long").GetRawText());
        Assert.DoesNotContain("left_out", metadata.Names());
        Assert.Equal("North quay, morning", metadata.GetProperty("title").GetString());
        Assert.Single((await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos?operator=Rui&title=North quay, morning").JsonAsync())
            .Data());
    }

    [Theory]
    [InlineData("""{"metadata":{"filename":"x"}}""", "parameter_invalid", "metadata.filename")]
    [InlineData("""{"metadata":{"size":1}}""", "parameter_invalid", "metadata.size")]
    [InlineData("""{"metadata":{"list":[1]}}""", "parameter_invalid", "metadata.list")]
    [InlineData("""{"metadata":{"object":{}}}""", "parameter_invalid", "metadata.object")]
    [InlineData("""{"metadata":{"number":1e400}}""", "parameter_invalid", "metadata.number")]
    [InlineData("""{"metadata":{"":1}}""", "parameter_invalid", "metadata.")]
    [InlineData("""{"metadata":{"title":1}}""", "parameter_invalid", "metadata.title")]
    [InlineData("""{"metadata":"text"}""", "parameter_invalid", "metadata")]
    [InlineData("""{"video_title":1}""", "parameter_invalid", "video_title")]
    [InlineData("""{"metadata":null}""", "parameter_not_provided", "video_title, metadata")]
    [InlineData("{}", "parameter_not_provided", "video_title, metadata")]
    [InlineData("""{"name":"x"}""", "parameter_unknown", "name")]
    public async Task Wrong_metadata_is_refused(string body, string code, string words)
    {
        var index = await server.AddIndexAsync();
        var (video, _) = await server.AddVideoAsync(index);
        var message = await PutAsync(index, video, body).ErrorAsync(HttpStatusCode.BadRequest, code);
        Assert.Contains(words, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_has_a_size_limit()
    {
        var index = await server.AddIndexAsync();
        var (video, _) = await server.AddVideoAsync(index);
        Task<HttpResponseMessage> AddAsync(string name, int length)
            => PutAsync(index, video, $$$"""{"metadata":{"{{{name}}}":"{{{new string('x', length)}}}"}}""");
        for (var number = 0; number < 6; number++)
            await AddAsync($"field{number}", 10_000).EmptyAsync(HttpStatusCode.OK);

        var message = await AddAsync("field6", 10_000).ErrorAsync(HttpStatusCode.BadRequest, "usage_limit_exceeded");

        Assert.Contains("65536", message, StringComparison.Ordinal);
        await AddAsync("field0", 1).EmptyAsync(HttpStatusCode.OK);
        await AddAsync("field6", 10_000).EmptyAsync(HttpStatusCode.OK);
        foreach (var (body, words) in new[]
        {
            ($$$"""{"metadata":{"a":"{{{new string('x', 10_001)}}}"}}""", "metadata.a"),
            ($$$"""{"video_title":"{{{new string('x', 1_001)}}}"}""", "1000"),
            ($$$"""{"metadata":{"title":"{{{new string('x', 1_001)}}}"}}""", "1000"),
        })
            Assert.Contains(words, await PutAsync(index, video, body).ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid"),
                StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_a_video_removes_rows_vectors_and_files_and_keeps_its_task()
    {
        var index = await server.AddIndexAsync();
        var (video, task) = await server.AddVideoAsync(index);
        await server.AddTextAsync(video, TextSource.Speech, (0, 1, "words"));
        await File.WriteAllTextAsync(server.Files.VideoPath(video.Id), "bytes");
        await File.WriteAllTextAsync(server.Files.ThumbnailPath(video.Id, 1), "picture");

        await _client.DeleteAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}").EmptyAsync(HttpStatusCode.NoContent);

        await _client.DeleteAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        Assert.False(File.Exists(server.Files.VideoPath(video.Id)));
        Assert.False(Directory.Exists(Path.Combine(server.Files.Root, "thumbnails", video.Id)));
        await using var db = server.Database.Open();
        Assert.False(await db.TextSegments.AnyAsync(segment => segment.VideoId == video.Id));
        Assert.Equal("ready", (await _client.GetAsync($"/v1.1/tasks/{task.Id}").JsonAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Deleting_a_video_that_waits_to_be_indexed_fails_its_task()
    {
        var index = await server.AddIndexAsync();
        var (video, task) = await server.AddVideoAsync(index, TaskState.Pending);

        await _client.DeleteAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}").EmptyAsync(HttpStatusCode.NoContent);

        var answer = await _client.GetAsync($"/v1.1/tasks/{task.Id}").JsonAsync();
        Assert.Equal("failed", answer.GetProperty("status").GetString());
        Assert.Contains("deleted", answer.GetProperty("error_reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_video_is_found_only_under_its_own_index()
    {
        var (index, other) = (await server.AddIndexAsync(), await server.AddIndexAsync());
        var (video, _) = await server.AddVideoAsync(index);
        var message = await _client.GetAsync($"/v1.1/indexes/{other.Id}/videos/{video.Id}")
            .ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        Assert.Contains("videos", message, StringComparison.Ordinal);
        await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos/xyz").ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
    }

    private Task<HttpResponseMessage> PutAsync(VideoIndex index, Video video, string body)
        => _client.PutAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}", new StringContent(body));
}

using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Indexing;

/// <summary>Videos that are given by address, with the real stages. There are no models, so most indexes have no options.</summary>
public sealed class FetchedVideoTests(DatabaseTemplate template, SampleClips clips) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vu-fetched-").FullName;
    private TestDatabase _database = null!;
    private IndexingBench _bench = null!;
    private FileHost _host = null!;
    private int _busy;

    public async ValueTask InitializeAsync()
    {
        _database = await template.CopyAsync();
        _bench = IndexingBench.Create(_database);
        File.Copy(clips.Silent, Path.Combine(_folder, "good.mp4"));
        File.Copy(clips.Small, Path.Combine(_folder, "small.mp4"));
        File.Copy(clips.Short, Path.Combine(_folder, "short.mp4"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "words.mp4"), "these are only words");
        await File.WriteAllTextAsync(Path.Combine(_folder, "words.srt"), "these are only words");
        await File.WriteAllTextAsync(Path.Combine(_folder, "empty.vtt"), "WEBVTT\n");
        _host = await FileHost.StartAsync(context =>
        {
            var path = Path.Combine(_folder, Path.GetFileName(context.Request.Path.Value!));
            if (context.Request.Query["type"].ToString() is { Length: > 0 } contentType)
                context.Response.ContentType = contentType;
            if (context.Request.Query["name"].ToString() is { Length: > 0 } disposition)
                context.Response.Headers.ContentDisposition = disposition;
            if (Interlocked.Decrement(ref _busy) >= 0)
            {
                context.Response.StatusCode = 503;
                return Task.CompletedTask;
            }
            if (File.Exists(path))
                return context.Response.SendFileAsync(path);
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _bench.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_fetched_video_gets_its_metadata_and_thumbnail_and_becomes_ready()
    {
        var task = await _bench.AddTaskAsync(videoUrl: $"{_host.Address}/good.mp4", options: [], addons: ["thumbnail"]);

        await _bench.RunAsync(task.Id);

        var ready = await _bench.ReadAsync(task.Id);
        Assert.Equal((TaskState.Ready, 640, 360, null), (ready.State, ready.Width, ready.Height, ready.ErrorReason));
        Assert.Equal(["fetch_sources", "probe_media", "write_thumbnail"], ready.FinishedStages);
        var video = await _bench.QueryAsync(db => db.Videos.SingleAsync(row => row.Id == task.VideoId));
        var length = new FileInfo(Path.Combine(_folder, "good.mp4")).Length;
        Assert.Equal((length, 640, 360, 10.0), (video.Size, video.Width, video.Height, video.FramesPerSecond));
        Assert.Equal(5, video.Duration!.Value, 1);
        Assert.Equal(64, video.Sha256!.Length);
        Assert.Equal(length, new FileInfo(_bench.Files.VideoPath(task.VideoId)).Length);
        Assert.True(File.Exists(_bench.Files.ThumbnailPath(task.VideoId, video.Duration.Value / 2)));
    }

    [Theory]
    [InlineData("attachment; filename=\"take \\\"2\\\".mp4\"", "take \"2\".mp4")]
    [InlineData("attachment; filename*=UTF-8''na%C3%AFve.mp4", "naïve.mp4")]
    [InlineData("attachment; filename=\"../../etc/x.mp4\"", "x.mp4")]
    [InlineData("attachment; filename=\"..\"", "good.mp4")]
    [InlineData("inline", "good.mp4")]
    public async Task The_file_name_of_the_host_is_used(string header, string expected)
    {
        var task = await _bench.AddTaskAsync(videoUrl: $"{_host.Address}/good.mp4?name={Uri.EscapeDataString(header)}", options: []);
        await _bench.QueryAsync(db => db.Tasks.ExecuteUpdateAsync(row => row.SetProperty(column => column.Filename, "good.mp4")));

        await _bench.RunAsync(task.Id);

        Assert.Equal(expected, (await _bench.ReadAsync(task.Id)).Filename);
        Assert.Equal(expected, await _bench.QueryAsync(db => db.Videos.Select(row => row.Filename).SingleAsync()));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_bench.Files.VideoPath(task.VideoId)));
    }

    [Theory]
    [InlineData("good.mp4", "text/html", TaskState.Ready)]
    [InlineData("good.mp4", "application/octet-stream", TaskState.Ready)]
    [InlineData("page.html", "video/mp4", TaskState.Failed)]
    [InlineData("playlist.m3u8", "video/mp4", TaskState.Failed)]
    public async Task The_content_is_checked_and_its_content_type_is_ignored(string file, string type, TaskState state)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "page.html"),
            "<!DOCTYPE html><html><body><video src=\"good.mp4\"></video></body></html>");
        await File.WriteAllTextAsync(Path.Combine(_folder, "playlist.m3u8"),
            $"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{_host.Address}/good.mp4\n#EXT-X-ENDLIST\n");
        var task = await _bench.AddTaskAsync(videoUrl: $"{_host.Address}/{file}?type={type}", options: []);

        await _bench.RunAsync(task.Id);

        var ended = await _bench.ReadAsync(task.Id);
        Assert.Equal((state, state == TaskState.Ready ? null : "video_file_broken"), (ended.State, ended.ErrorCode));
    }

    [Theory]
    [InlineData("small.mp4", null, "video_resolution_too_low", "320x180")]
    [InlineData("short.mp4", null, "video_duration_too_short", "at least 4 seconds")]
    [InlineData("words.mp4", null, "video_file_broken", "cannot be read")]
    [InlineData("gone.mp4", null, "video_file_broken", "status 404")]
    [InlineData("good.mp4", "gone.srt", "transcription_url_not_accessible", "status 404")]
    [InlineData("good.mp4", "words.srt", "transcription_not_supported", "Line 1")]
    public async Task Invalid_input_fails_with_its_code_and_leaves_no_file(string video, string? transcript, string code, string part)
    {
        var task = await _bench.AddTaskAsync(videoUrl: $"{_host.Address}/{video}",
            transcriptUrl: transcript is null ? null : $"{_host.Address}/{transcript}", options: [IndexOptions.Visual]);

        await _bench.RunAsync(task.Id);

        var failed = await _bench.ReadAsync(task.Id);
        Assert.Equal((TaskState.Failed, code), (failed.State, failed.ErrorCode));
        Assert.Contains(part, failed.ErrorReason, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_bench.Files.Root, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(1, TaskState.Ready, null, null)]
    [InlineData(100, TaskState.Failed, "video_file_broken",
        "The video cannot be read. Its address cannot be fetched. The host 127.0.0.1 answered with status 503.")]
    public async Task A_fetch_is_retried_when_the_host_is_busy(int busy, TaskState state, string? code, string? reason)
    {
        _busy = busy;
        var task = await _bench.AddTaskAsync(videoUrl: $"{_host.Address}/good.mp4", options: []);

        await _bench.RunAsync(task.Id);
        Assert.Equal(TaskState.Validating, (await _bench.ReadAsync(task.Id)).State);
        for (var round = 0; round < 2; round++)
            await _bench.RunAsync(task.Id);

        var ended = await _bench.ReadAsync(task.Id);
        Assert.Equal((state, code, reason), (ended.State, ended.ErrorCode, ended.ErrorReason));
    }

    [Fact]
    public async Task A_silent_video_with_the_option_conversation_needs_a_transcript()
    {
        var silent = await _bench.AddTaskAsync(videoUrl: $"{_host.Address}/good.mp4", options: [IndexOptions.Conversation]);
        var withTranscript = await _bench.AddTaskAsync(videoUrl: $"{_host.Address}/good.mp4", transcriptUrl: $"{_host.Address}/empty.vtt",
            options: [IndexOptions.Conversation]);

        await _bench.RunAsync(silent.Id);
        await _bench.RunAsync(withTranscript.Id);

        Assert.Equal("video_audio_track_not_exists", (await _bench.ReadAsync(silent.Id)).ErrorCode);
        Assert.Equal(TaskState.Ready, (await _bench.ReadAsync(withTranscript.Id)).State);
    }

    [Fact]
    public async Task A_missing_model_fails_the_task_with_the_command_that_installs_it()
    {
        var bench = IndexingBench.Create(_database,
            new Dictionary<string, string?>
            {
                ["VideoUnderstanding:Models:Folder"] = Path.Combine(_folder, "no-models"),
                ["VideoUnderstanding:Models:Profile"] = "balanced",
            }, beside: _bench);
        await using (bench)
        {
            var task = await bench.AddTaskAsync(Path.Combine(_folder, "good.mp4"), options: [IndexOptions.Visual]);
            await bench.RunAsync(task.Id);
            var failed = await bench.ReadAsync(task.Id);
            Assert.Equal((TaskState.Failed, "model_unavailable"), (failed.State, failed.ErrorCode));
            Assert.Contains("vu models", failed.ErrorReason, StringComparison.Ordinal);
        }
    }
}

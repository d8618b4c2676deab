using System.Net;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Streams;

/// <summary>Limits of the stored segments and of concurrent encoding, and deletion together with the video.</summary>
public sealed class StreamCacheTests(DatabaseTemplate template, StreamClips clips) : IClassFixture<StreamClips>
{
    private const int Megabyte = 1024 * 1024;

    [Fact]
    public async Task The_least_recently_used_segments_are_removed_at_the_size_limit()
    {
        await using var server = await TestServer.StartAsync(template,
            new Dictionary<string, string?> { ["VideoUnderstanding:Streaming:CacheMegabytes"] = "5" });
        var (_, video, _) = await server.AddPlayableAsync(clips.Large);
        using var client = server.CreateClient(withKey: false);
        var segments = await StreamBench.SegmentsAsync(client, await server.PlaylistOfAsync(video));
        Assert.Equal(4, segments.Count);

        List<byte[]> contents = [];
        foreach (var number in (int[])[0, 1, 2, 0, 3])
            contents.Add(await client.GetByteArrayAsync(segments[number].Address));

        Assert.True(contents.Take(3).Sum(content => content.Length) < 5 * Megabyte, "Three segments fit.");
        Assert.True(contents.Sum(content => content.Length) - contents[0].Length > 5 * Megabyte, "Four segments do not fit.");
        Assert.InRange(BytesOf(server, video.Id), 1, 5 * Megabyte);
        // Segment 0 was used more recently than segment 1.
        Assert.Contains("0.ts", server.Files.StreamFiles(video.Id));
        Assert.DoesNotContain("1.ts", server.Files.StreamFiles(video.Id));
        Assert.Equal(contents[1], await client.GetByteArrayAsync(segments[1].Address));
    }

    [Fact]
    public async Task A_segment_larger_than_the_cache_can_be_played()
    {
        await using var server = await TestServer.StartAsync(template,
            new Dictionary<string, string?> { ["VideoUnderstanding:Streaming:CacheMegabytes"] = "1" });
        var (_, video, _) = await server.AddPlayableAsync(clips.Large);
        using var client = server.CreateClient(withKey: false);
        foreach (var segment in await StreamBench.SegmentsAsync(client, await server.PlaylistOfAsync(video)))
            Assert.True((await client.GetByteArrayAsync(segment.Address)).Length > Megabyte / 2);
        Assert.InRange(BytesOf(server, video.Id), 1, 3 * Megabyte);
    }

    [Fact]
    public async Task No_segments_are_created_on_a_full_disk()
    {
        await using var server = await TestServer.StartAsync(template,
            new Dictionary<string, string?> { ["VideoUnderstanding:MinFreeBytes"] = $"{long.MaxValue}" });
        var (_, video, _) = await server.AddPlayableAsync(clips.Copied);
        using var client = server.CreateClient(withKey: false);
        await client.GetAsync(await server.PlaylistOfAsync(video)).ErrorAsync(HttpStatusCode.BadRequest, "usage_limit_exceeded");
        Assert.Empty(server.Files.StreamFiles(video.Id));
    }

    [Fact]
    public async Task Segments_are_deleted_with_the_video()
    {
        await using var server = await TestServer.StartAsync(template, new Dictionary<string, string?>());
        var (index, video, _) = await server.AddPlayableAsync(clips.Copied);
        using var client = server.CreateClient();
        var segments = await StreamBench.SegmentsAsync(client, await server.PlaylistOfAsync(video));
        await client.GetByteArrayAsync(segments[0].Address);
        Assert.Equal(["0.ts", "plan.json"], server.Files.StreamFiles(video.Id));

        await client.DeleteAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}").EmptyAsync(HttpStatusCode.NoContent);

        Assert.Empty(server.Files.StreamFiles(video.Id));
        Assert.False(Directory.Exists(Path.Combine(server.Files.Root, "streams", video.Id)));
        await client.GetAsync(segments[0].Address).ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
    }

    [Fact]
    public async Task Requests_for_one_segment_share_one_process()
    {
        using var ffmpeg = new BlockedFFmpeg();
        await using var server = await TestServer.StartAsync(template, ffmpeg.Settings);
        var (_, video, _) = await server.AddPlayableAsync(clips.Encoded);
        using var client = server.CreateClient(withKey: false);
        var segments = await StreamBench.SegmentsAsync(client, await server.PlaylistOfAsync(video));
        ffmpeg.Hold();
        var requests = Enumerable.Range(0, 5).Select(_ => client.GetByteArrayAsync(segments[0].Address)).ToList();
        await ffmpeg.StartedAsync(1);
        ffmpeg.Continue();

        var answers = await Task.WhenAll(requests);

        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        Assert.Single(ffmpeg.Processes);
    }

    [Fact]
    public async Task The_process_is_stopped_if_no_request_waits_for_its_segment()
    {
        using var ffmpeg = new BlockedFFmpeg();
        await using var server = await TestServer.StartAsync(template, ffmpeg.Settings);
        var (_, video, _) = await server.AddPlayableAsync(clips.Encoded);
        using var client = server.CreateClient(withKey: false);
        var segments = await StreamBench.SegmentsAsync(client, await server.PlaylistOfAsync(video));
        ffmpeg.Hold();
        using var leave = new CancellationTokenSource();
        var request = client.GetAsync(segments[0].Address, leave.Token);
        await ffmpeg.StartedAsync(1);

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);

        await ffmpeg.EndedAsync();
        ffmpeg.Continue();
        for (var attempt = 0; attempt < 1200 && Directory.GetFiles(Path.Combine(server.Files.Root, "incoming")).Length > 0; attempt++)
            await Task.Delay(50);
        Assert.Empty(Directory.GetFiles(Path.Combine(server.Files.Root, "incoming")));
        Assert.Equal(["plan.json"], server.Files.StreamFiles(video.Id));
        Assert.NotEmpty(await client.GetByteArrayAsync(segments[0].Address));
    }

    [Fact]
    public async Task The_number_of_running_and_waiting_encodings_is_limited()
    {
        using var ffmpeg = new BlockedFFmpeg();
        await using var server = await TestServer.StartAsync(template, new Dictionary<string, string?>(ffmpeg.Settings)
        {
            ["VideoUnderstanding:Streaming:Workers"] = "1", ["VideoUnderstanding:Streaming:MaxWaiting"] = "1",
        });
        var (_, video, _) = await server.AddPlayableAsync(clips.Encoded);
        using var client = server.CreateClient(withKey: false);
        var segments = await StreamBench.SegmentsAsync(client, await server.PlaylistOfAsync(video));
        ffmpeg.Hold();
        var made = client.GetAsync(segments[0].Address);
        await ffmpeg.StartedAsync(1);
        // One of the two requests waits; the other one is refused.
        var others = segments[1..3].Select(segment => client.GetAsync(segment.Address)).ToList();
        var first = await Task.WhenAny(others);
        using var refused = await first;
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Single(ffmpeg.Processes);

        ffmpeg.Continue();
        foreach (var answer in await Task.WhenAll(made, others.Single(other => other != first)))
            Assert.NotEmpty(await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync());
        Assert.NotEmpty(await client.GetByteArrayAsync(segments[2].Address));
    }

    private static long BytesOf(TestServer server, string videoId)
        => new DirectoryInfo(Path.Combine(server.Files.Root, "streams", videoId)).EnumerateFiles().Sum(file => file.Length);

    /// <summary>FFmpeg behind a script that records its process id for each segment and waits while it is held.</summary>
    private sealed class BlockedFFmpeg : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("vu-ffmpeg-").FullName;

        public BlockedFFmpeg()
        {
            var script = Path.Combine(_folder, "ffmpeg");
            File.WriteAllText(script, $"""
                #!/bin/sh
                case "$*" in *"-f mpegts"*) echo $$ >> {_folder}/log;; esac
                while [ -f {_folder}/hold ]; do sleep 0.05; done
                exec ffmpeg "$@"
                """);
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        /// <summary>Disables the sandbox, in which the script could not write.</summary>
        public Dictionary<string, string?> Settings => new()
        {
            ["VideoUnderstanding:Media:FFmpegPath"] = Path.Combine(_folder, "ffmpeg"), ["VideoUnderstanding:Media:Sandbox"] = "Off",
        };

        public string[] Processes => File.Exists(Path.Combine(_folder, "log")) ? File.ReadAllLines(Path.Combine(_folder, "log")) : [];

        public void Hold() => File.WriteAllText(Path.Combine(_folder, "hold"), "");

        public void Continue() => File.Delete(Path.Combine(_folder, "hold"));

        public Task StartedAsync(int count) => UntilAsync(() => Processes.Length >= count);

        public Task EndedAsync() => UntilAsync(() => !Processes.Any(process => Directory.Exists($"/proc/{process}")));

        public void Dispose()
        {
            Continue();
            Directory.Delete(_folder, recursive: true);
        }

        private static async Task UntilAsync(Func<bool> condition)
        {
            for (var attempt = 0; !condition(); attempt++, await Task.Delay(50))
                Assert.True(attempt < 1200, "The process did not start or end within a minute.");
        }
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using VideoUnderstanding.EndToEndTests.Chaos;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.IntegrationTests.Transfers;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Scaling;

/// <summary>Several processes with one database and one bucket. Each has its own data folder. docs/scaling.md.</summary>
[Collection(nameof(ExclusiveCollection))]
public sealed class SeveralProcessesTests(ObjectHost host) : IClassFixture<ObjectHost>, IAsyncLifetime
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(5);

    private readonly string _clips = Directory.CreateTempSubdirectory("vu-scaling-clips-").FullName;
    private readonly string _prefix = $"{Guid.NewGuid():N}/";
    private FreshDatabase _database = null!;

    private string Clip => Path.Combine(_clips, "small-0.mp4");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await FreshDatabase.CreateAsync(Cancellation);
        await SmallClips.WriteToAsync(_clips, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_clips, recursive: true);
    }

    [Fact]
    public async Task A_video_that_one_process_receives_is_indexed_by_another_and_played_from_the_bucket()
    {
        await using var api = Process("api");
        await api.StartFirstAsync(Cancellation);
        await using var worker = Process("worker");
        worker.Start();
        await worker.WaitUntilReadyAsync(Cancellation);
        var client = new ApiClient(api.Http);
        var index = await client.CreateIndexAsync("shared", "visual");

        var video = await client.IndexAsync(index, Clip);

        Assert.DoesNotContain("stage", await LogAsync(api), StringComparison.Ordinal);
        // The worker writes this line after it saves the state that the client has read.
        await UntilAsync(async () => (await LogAsync(worker)).Contains(": ready", StringComparison.Ordinal),
            "The worker did not say that the video is ready.");
        Assert.Contains(await client.SearchAsync(index, "red", "visual", threshold: "none"), clip => clip.VideoId == video);
        await PlayAsync(client, $"indexes/{index}/videos/{video}");
        await AssertRolesAsync(api, worker);
        Assert.Equal(["streams", "thumbnails", "videos"], (await host.KeysAsync(_prefix))
            .Where(key => key.Contains($"/{video}", StringComparison.Ordinal)).Select(key => key[_prefix.Length..].Split('/')[0])
            .Distinct());

        (await client.DeleteAsync($"indexes/{index}/videos/{video}")).Expect(HttpStatusCode.NoContent);
        Assert.Equal([_prefix + "installation"], await host.KeysAsync(_prefix));
    }

    [Fact]
    public async Task A_second_process_without_the_shared_store_refuses_to_start()
    {
        await using var first = Process("all");
        await first.StartFirstAsync(Cancellation);
        await using var second = new ServeProcess(_database.ConnectionString);
        second.Start();
        await UntilAsync(() => Task.FromResult(second.HasEnded), "The second process did not end.");
        Assert.Contains($"The files of this installation are in the bucket {ObjectHost.FileBucket}/{_prefix}", second.Tail(),
            StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Tail(), StringComparison.Ordinal);
        Assert.True(await first.IsReadyAsync(Cancellation));
    }

    [Fact]
    public async Task A_stopped_process_finishes_its_stage_and_another_one_continues()
    {
        await using var external = await ExternalServer.StartAsync(Clip);
        // The download gets no data until the process is stopping.
        await using var first = Process("all", "VideoUnderstanding:Indexing:DrainSeconds=600",
            "VideoUnderstanding:Fetching:IdleSeconds=600");
        await first.StartFirstAsync(Cancellation);
        var client = new ApiClient(first.Http);
        var index = await client.CreateIndexAsync("drained", "visual");
        var task = (await client.UploadByAddressAsync(index, external.AddressOf("slow"))).Expect(HttpStatusCode.Created)
            .GetProperty("_id").GetString()!;
        await UntilAsync(async () => (await LogAsync(first)).Contains("stage fetch_sources started", StringComparison.Ordinal),
            "No stage began.");

        var stopped = first.StopAsync(Cancellation);
        await UntilAsync(async () => !await first.IsReadyAsync(Cancellation), "The first process still serves.");
        external.Allow();
        await stopped;
        await using var second = Process("all");
        second.Start();
        await second.WaitUntilReadyAsync(Cancellation);

        second.Http.DefaultRequestHeaders.Add("x-api-key", first.Http.DefaultRequestHeaders.GetValues("x-api-key"));
        Assert.Equal("ready", (await new ApiClient(second.Http).FinishedTaskAsync(task)).GetProperty("status").GetString());
        var (before, after) = (await LogAsync(first), await LogAsync(second));
        Assert.Contains("stage fetch_sources finished", before, StringComparison.Ordinal);
        Assert.Contains("requeued because the server is stopping", before, StringComparison.Ordinal);
        Assert.DoesNotContain("stage fetch_sources started", after, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("STOP")]
    public async Task Another_process_takes_over_from_one_that_is_killed_or_frozen(string signal)
    {
        await using var external = await ExternalServer.StartAsync(Clip);
        string[] settings = ["VideoUnderstanding:Fetching:IdleSeconds=600", "VideoUnderstanding:Indexing:LeaseTimeoutSeconds=5"];
        await using var first = Process("all", settings);
        await first.StartFirstAsync(Cancellation);
        var client = new ApiClient(first.Http);
        var index = await client.CreateIndexAsync("taken over", "visual");
        var task = (await client.UploadByAddressAsync(index, external.AddressOf("slow"))).Expect(HttpStatusCode.Created)
            .GetProperty("_id").GetString()!;
        await UntilAsync(async () => (await LogAsync(first)).Contains("stage fetch_sources started", StringComparison.Ordinal),
            "No stage began.");
        await using var second = Process("all", settings);
        second.Start();
        await second.WaitUntilReadyAsync(Cancellation);

        await first.SignalAsync(signal, Cancellation);
        await UntilAsync(async () => (await LogAsync(second)).Contains("stage fetch_sources started", StringComparison.Ordinal),
            "The second process did not take over.");
        external.Allow();
        second.Http.DefaultRequestHeaders.Add("x-api-key", first.Http.DefaultRequestHeaders.GetValues("x-api-key"));
        var other = new ApiClient(second.Http);
        Assert.Equal("ready", (await other.FinishedTaskAsync(task)).GetProperty("status").GetString());

        if (signal == "STOP")
        {
            await first.SignalAsync("CONT", Cancellation);
            string[] ends = [$"Task {task}: stopped", $"Task {task}: dropped"];
            await UntilAsync(async () => await LogAsync(first) is var log && ends.Any(end => log.Contains(end, StringComparison.Ordinal)),
                "The resumed process still works on the task.");
            Assert.DoesNotContain("stage fetch_sources finished", await LogAsync(first), StringComparison.Ordinal);
        }
        Assert.Equal("ready", (await other.FinishedTaskAsync(task)).GetProperty("status").GetString());
        Assert.Single(await other.SearchAsync(index, "red", "visual", threshold: "none"));
    }

    private ServeProcess Process(string role, params string[] settings) => new(_database.ConnectionString, null,
    [
        .. host.StorageSettings(_prefix).Select(setting => $"{setting.Key}={setting.Value}"),
        $"VideoUnderstanding:Server:Role={role}", .. settings,
    ])
    {
        StartLimit = WaitTimeout,
    };

    /// <summary>Requests the playlist, a segment, a part of the original file and a thumbnail.</summary>
    private async Task PlayAsync(ApiClient client, string path)
    {
        var playlist = new Uri((await client.GetAsync(path)).Expect(HttpStatusCode.OK).GetProperty("hls").GetProperty("video_url")
            .GetString()!);
        var segment = (await client.Http.GetStringAsync(playlist, Cancellation)).Split('\n').First(line => line.EndsWith(".ts",
            StringComparison.Ordinal));
        Assert.NotEmpty(await client.Http.GetByteArrayAsync(new Uri(playlist, segment), Cancellation));
        using var part = new HttpRequestMessage(HttpMethod.Get, new Uri(playlist, "original"));
        part.Headers.Range = new RangeHeaderValue(1000, 1999);
        using var answer = await client.Http.SendAsync(part, Cancellation);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal((await File.ReadAllBytesAsync(Clip, Cancellation))[1000..2000],
            await answer.Content.ReadAsByteArrayAsync(Cancellation));
        var thumbnail = (await client.GetAsync(path + "/thumbnail?time=1")).Expect(HttpStatusCode.OK).GetProperty("thumbnail").GetString();
        Assert.Equal([0xFF, 0xD8], (await client.Http.GetByteArrayAsync(thumbnail, Cancellation))[..2]);
    }

    /// <summary>The health response names both roles, and the worker does not serve the API.</summary>
    private static async Task AssertRolesAsync(ServeProcess api, ServeProcess worker)
    {
        foreach (var process in (ServeProcess[])[api, worker])
        {
            var ready = JsonElement.Parse(await process.Http.GetByteArrayAsync("/health/ready", Cancellation));
            Assert.Equal("Running nodes by role: 1 api, 1 worker.", ready.GetProperty("checks").EnumerateArray()
                .Single(check => check.GetProperty("name").GetString() == "nodes").GetProperty("detail").GetString());
            Assert.NotEqual("", ready.GetProperty("version").GetString());
        }
        using var answer = await worker.Http.GetAsync("/v1.1/indexes", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static async Task<string> LogAsync(ServeProcess process)
    {
        await using var file = new FileStream(process.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync(Cancellation);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string otherwise)
    {
        for (var begin = TimeProvider.System.GetTimestamp(); !await condition(); await Task.Delay(100, Cancellation))
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < WaitTimeout, otherwise);
    }
}

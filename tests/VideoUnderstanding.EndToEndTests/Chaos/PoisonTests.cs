using System.Net;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary>A video whose indexing takes the whole server down, each time.</summary>
[Collection(nameof(ExclusiveCollection))]
public sealed class PoisonTests : IAsyncLifetime
{
    private readonly string _clips = Directory.CreateTempSubdirectory("vu-poison-").FullName;
    private readonly ServeProcess _server = new(
        settings: ["VideoUnderstanding:Indexing:Workers=1", "VideoUnderstanding:Indexing:MaxAttempts=3",
            "VideoUnderstanding:Indexing:SweepSeconds=2"]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await SmallClips.WriteToAsync(_clips, Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_clips, recursive: true);
    }

    [Fact]
    public async Task A_video_that_crashes_the_server_fails_after_its_attempts_and_later_ones_are_indexed()
    {
        await _server.StartFirstAsync(Cancellation);
        var (api, tables) = (new ApiClient(_server.Http), new Tables(_server));
        var index = await api.CreateIndexAsync("poison", "visual", "conversation");
        var (poison, good) = (await UploadAsync(api, index, 0), await UploadAsync(api, index, 1));

        var kills = new HashSet<DateTimeOffset>();
        for (var begin = TimeProvider.System.GetTimestamp(); await LookAsync(tables, poison) is var look && look?.State != "failed";
            await Task.Delay(10, Cancellation))
        {
            Assert.True(look?.State != "ready" && TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromMinutes(10),
                $"The poison video is {look} after {kills.Count} kills.");
            // The fourth attempt does no work: it gives the task up.
            if (look is not { State: "indexing", Tries: <= 3 } || !kills.Add(look.Started))
                continue;
            await _server.KillAsync(Cancellation);
            // Not waited for: the next attempt may begin, and end, before the server has tried all models and is ready.
            _server.Start();
        }

        // Its jobs begin before it listens.
        await _server.WaitUntilReadyAsync(Cancellation);
        // Three for each stage that was reached: a finished stage gives its successor all tries.
        var finished = (await tables.ReadAsync(
            "SELECT cardinality(finished_stages) FROM indexing_tasks WHERE id = $1", row => row.GetInt32(0), poison))![0];
        Assert.InRange(kills.Count, 3, 3 * (finished + 1));
        Assert.Contains("broke off 3 times", (await api.FinishedTaskAsync(poison)).GetProperty("error_reason").GetString(),
            StringComparison.Ordinal);
        Assert.Equal("ready", (await api.FinishedTaskAsync(good)).GetProperty("status").GetString());
    }

    private async Task<string> UploadAsync(ApiClient api, string index, int number)
    {
        var path = Path.Combine(_clips, $"copy-{number}.mp4");
        await File.WriteAllBytesAsync(path, await SmallClips.CopyAsync(_clips, number, Cancellation), Cancellation);
        return (await api.UploadAsync(index, path)).Expect(HttpStatusCode.Created).GetProperty("_id").GetString()!;
    }

    private static async Task<Look?> LookAsync(Tables tables, string task)
        => (await tables.ReadAsync("SELECT state, attempts, coalesce(started_at, created_at) FROM indexing_tasks WHERE id = $1",
            row => new Look(row.GetString(0), row.GetInt32(1), row.GetFieldValue<DateTimeOffset>(2)), task))?[0];

    /// <param name="Started">Of the current try.</param>
    private sealed record Look(string State, int Tries, DateTimeOffset Started);
}

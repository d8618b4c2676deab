using System.Net;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary>A video whose indexing crashes the whole server at every attempt.</summary>
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
        for (var begin = TimeProvider.System.GetTimestamp(); await ReadTaskAsync(tables, poison) is var task && task?.State != "failed";
            await Task.Delay(10, Cancellation))
        {
            Assert.True(task?.State != "ready" && TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromMinutes(10),
                $"The poison video is {task} after {kills.Count} kills.");
            // The fourth attempt does no work; it sets the task to failed.
            if (task is not { State: "indexing", Attempts: <= 3 } || !kills.Add(task.Started))
                continue;
            await _server.KillAsync(Cancellation);
            // The test does not wait until the server is ready: the next attempt may begin and end before the server has checked all
            // models.
            _server.Start();
        }

        // Jobs start before the server listens.
        await _server.WaitUntilReadyAsync(Cancellation);
        // Up to three kills for each stage that was reached, because a finished stage resets the number of attempts.
        var finished = (await tables.ReadAsync(
            "SELECT cardinality(finished_stages) FROM indexing_tasks WHERE id = $1", row => row.GetInt32(0), poison))![0];
        Assert.InRange(kills.Count, 3, 3 * (finished + 1));
        Assert.Contains("interrupted 3 times", (await api.FinishedTaskAsync(poison)).GetProperty("error_reason").GetString(),
            StringComparison.Ordinal);
        Assert.Equal("ready", (await api.FinishedTaskAsync(good)).GetProperty("status").GetString());
    }

    private async Task<string> UploadAsync(ApiClient api, string index, int number)
    {
        var path = Path.Combine(_clips, $"copy-{number}.mp4");
        await File.WriteAllBytesAsync(path, await SmallClips.CopyAsync(_clips, number, Cancellation), Cancellation);
        return (await api.UploadAsync(index, path)).Expect(HttpStatusCode.Created).GetProperty("_id").GetString()!;
    }

    private static async Task<TaskRow?> ReadTaskAsync(Tables tables, string task)
        => (await tables.ReadAsync("SELECT state, attempts, coalesce(started_at, created_at) FROM indexing_tasks WHERE id = $1",
            row => new TaskRow(row.GetString(0), row.GetInt32(1), row.GetFieldValue<DateTimeOffset>(2)), task))?[0];

    /// <param name="Started">Start of the current attempt.</param>
    private sealed record TaskRow(string State, int Attempts, DateTimeOffset Started);
}

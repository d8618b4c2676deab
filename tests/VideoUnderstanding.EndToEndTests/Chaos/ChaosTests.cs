using System.Globalization;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary>Kills processes at random moments of uploading and indexing. <c>VIDEOUNDERSTANDING_CHAOS_KILLS</c> and
/// <c>VIDEOUNDERSTANDING_CHAOS_SEED</c> set the number of kills and the random seed: docs/reliability.md.</summary>
[Collection(nameof(ExclusiveCollection))]
public sealed class ChaosTests : IAsyncLifetime
{
    private const int DefaultKills = 12;
    private const int DefaultSeed = 20_261;
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(5);

    private readonly string _clips = Directory.CreateTempSubdirectory("vu-chaos-clips-").FullName;
    private readonly CancellationTokenSource _stop = new();
    // The maximum of the setting, because every kill can end an attempt.
    private readonly ServeProcess _server = new(settings: "VideoUnderstanding:Indexing:MaxAttempts=20");
    private readonly ClientResults _results = new();
    private FileServer _files = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await SmallClips.WriteToAsync(_clips, Cancellation);
        _files = await FileServer.StartAsync(_clips);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _server.DisposeAsync();
        await _files.DisposeAsync();
        _stop.Dispose();
        Directory.Delete(_clips, recursive: true);
    }

    [Fact]
    public async Task Repeated_kills_cause_no_lost_duplicate_or_partly_visible_data()
    {
        var (kills, seed) = (Setting("KILLS", DefaultKills), Setting("SEED", DefaultSeed));
        var tables = new Tables(_server);
        var killer = new RandomKiller(_server, tables, seed);
        var final = new FinalStateCheck(_server, tables, _results);
        List<string> found;
        try
        {
            await _server.StartFirstAsync(Cancellation);
            await RunClientsAndKillsAsync(tables, killer, kills, seed);
            await WaitForTasksAsync(tables);
            await RunCleanupAsync();
            found = await final.FindAsync();
        }
        catch (Exception failure)
        {
            found = [failure.ToString(), .. _results.Violations];
        }
        var report = Report(killer, final, seed);
        TestContext.Current.TestOutputHelper?.WriteLine(report);
        _server.KeepFolder = found.Count > 0;
        Assert.True(found.Count == 0,
            $"{string.Join('\n', found)}\n\n{report}\nData of the server: {_server.Root}\n{string.Join('\n', killer.Kills)}");
        // A low minimum: with the committed models a video takes several seconds, and many attempts are killed.
        Assert.True(final.Ready > kills / 4, $"Too few videos were indexed for a conclusion.\n{report}");
    }

    private async Task RunClientsAndKillsAsync(Tables tables, RandomKiller killer, int kills, int seed)
    {
        var clients = new ConcurrentClients(() => _server.Http, tables, _results, _clips, _files.AddressOf);
        await clients.CreateIndexAsync(Cancellation);
        Task[] requests = [clients.UploadAsync(_stop.Token), clients.DeleteAsync(seed, _stop.Token), clients.SearchAsync(_stop.Token),
            CheckTablesAsync(tables)];
        while (await tables.ReadAsync("SELECT FROM videos WHERE indexed_at IS NOT NULL", _ => true) is not { Count: > 0 })
            await Task.Delay(100, Cancellation);
        await killer.RunAsync(kills, Cancellation);
        await _stop.CancelAsync();
        await Task.WhenAll(requests);
    }

    private async Task CheckTablesAsync(Tables tables)
    {
        for (; !_stop.IsCancellationRequested; await Task.Delay(100, Cancellation))
        {
            if (await tables.InconsistentRowsAsync() is not { } wrong)
                continue;
            _results.CountTableCheck();
            foreach (var violation in wrong)
                _results.Violations.Add(violation);
        }
    }

    private static async Task WaitForTasksAsync(Tables tables)
    {
        for (var begin = TimeProvider.System.GetTimestamp(); await tables.CountOpenAsync() is not 0; await Task.Delay(200, Cancellation))
            if (TimeProvider.System.GetElapsedTime(begin) > WaitTimeout)
                throw new TimeoutException($"Tasks are still open after {WaitTimeout}.");
    }

    /// <summary>The cleanup runs at every start and skips recent files. The test therefore sets the files to an age of two days and
    /// restarts the server.</summary>
    private async Task RunCleanupAsync()
    {
        await _server.StopAsync(Cancellation);
        var old = TimeProvider.System.GetUtcNow().AddDays(-2).UtcDateTime;
        foreach (var folder in (string[])["videos", "transcripts", "thumbnails", "incoming"])
            foreach (var entry in new DirectoryInfo(Path.Combine(_server.DataFolder, folder))
                .EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
                entry.LastWriteTimeUtc = old;
        var cleanups = CountCleanups();
        _server.Start();
        await _server.WaitUntilReadyAsync(Cancellation);
        for (var begin = TimeProvider.System.GetTimestamp(); CountCleanups() == cleanups; await Task.Delay(200, Cancellation))
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < WaitTimeout, $"The cleanup did not run within {WaitTimeout}.");
    }

    private int CountCleanups() => File.ReadLines(_server.LogFile).Count(line => line.Contains("Tidied up:", StringComparison.Ordinal));

    private string Report(RandomKiller killer, FinalStateCheck final, int seed)
    {
        string Slowest(IEnumerable<TimeSpan> times)
            => times.DefaultIfEmpty().Max().TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);
        var groups = killer.Recoveries.GroupBy(one => one.Target).OrderBy(group => group.Key)
            .Select(
                group
                    => $"{group.Key}: {group.Count()} recoveries, slowest ready after {Slowest(group.Select(one => one.Ready))} s and "
                        + $"working after {Slowest(group.Select(one => one.Working))} s");
        return $"""
            Seed {seed}, {killer.Kills.Count} kills ({string.Join(", ",
                killer.Kills.GroupBy(kill => kill.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2])
                    .Select(group => $"{group.Count()} {group.Key}"))}).
                    {string.Join('\n', groups)}
            {_results.Accepted.Count} uploads accepted, {_results.Interrupted} interrupted, {_results.Deletions.Count} videos deleted;
            {final.Ready} tasks ready, {final.Failed} failed by deletion; {final.RepeatedStages} stages repeated.
            {_results.Searches} searches with {_results.Hits} videos in their answers, {_results.TableChecks} checks of the tables,
            {_results.Refused} requests refused with an error of 5xx.
            """;
    }

    private static int Setting(string name, int otherwise)
        => int.TryParse(Environment.GetEnvironmentVariable($"VIDEOUNDERSTANDING_CHAOS_{name}"), CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;
}

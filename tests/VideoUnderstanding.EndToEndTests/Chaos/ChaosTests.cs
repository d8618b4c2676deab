using System.Globalization;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary>Kills processes at random moments of uploading and indexing. <c>VIDEOUNDERSTANDING_CHAOS_KILLS</c> and
/// <c>VIDEOUNDERSTANDING_CHAOS_SEED</c> set the number of kills and the random seed: docs/reliability.md.</summary>
[Collection(nameof(ExclusiveCollection))]
public sealed class ChaosTests : IAsyncLifetime
{
    private const int DefaultKills = 20;
    private const int DefaultSeed = 20_261;
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(5);

    private readonly string _clips = Directory.CreateTempSubdirectory("vu-chaos-clips-").FullName;
    private readonly CancellationTokenSource _stop = new();
    // The maximum of the setting, because every kill can end an attempt.
    private readonly ServeProcess _server = new(settings: "VideoUnderstanding:Indexing:MaxAttempts=20");
    private readonly Ledger _ledger = new();
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
        var monkey = new Monkey(_server, tables, seed);
        var aftermath = new Aftermath(_server, tables, _ledger);
        List<string> found;
        try
        {
            await _server.StartFirstAsync(Cancellation);
            await RunClientsAndKillsAsync(tables, monkey, kills, seed);
            await WaitForTasksAsync(tables);
            await RunCleanupAsync();
            found = await aftermath.FindAsync();
        }
        catch (Exception failure)
        {
            found = [failure.ToString(), .. _ledger.Violations];
        }
        var report = Report(monkey, aftermath, seed);
        TestContext.Current.TestOutputHelper?.WriteLine(report);
        _server.KeepFolder = found.Count > 0;
        Assert.True(found.Count == 0,
            $"{string.Join('\n', found)}\n\n{report}\nWhat is left: {_server.Root}\n{string.Join('\n', monkey.Kills)}");
        // A low minimum: with the committed models a video takes several seconds, and many attempts are killed.
        Assert.True(aftermath.Ready > kills / 4, $"Too little was going on to say anything.\n{report}");
    }

    private async Task RunClientsAndKillsAsync(Tables tables, Monkey monkey, int kills, int seed)
    {
        var crowd = new Crowd(() => _server.Http, tables, _ledger, _clips, _files.AddressOf);
        await crowd.CreateIndexAsync(Cancellation);
        Task[] clients = [crowd.UploadAsync(_stop.Token), crowd.DeleteAsync(seed, _stop.Token), crowd.SearchAsync(_stop.Token),
            CheckTablesAsync(tables)];
        while (await tables.ReadAsync("SELECT FROM videos WHERE indexed_at IS NOT NULL", _ => true) is not { Count: > 0 })
            await Task.Delay(100, Cancellation);
        await monkey.RunAsync(kills, Cancellation);
        await _stop.CancelAsync();
        await Task.WhenAll(clients);
    }

    private async Task CheckTablesAsync(Tables tables)
    {
        for (; !_stop.IsCancellationRequested; await Task.Delay(100, Cancellation))
        {
            if (await tables.HalfWrittenAsync() is not { } wrong)
                continue;
            _ledger.CountLook();
            foreach (var violation in wrong)
                _ledger.Violations.Add(violation);
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
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < WaitTimeout, $"The janitor did not come within {WaitTimeout}.");
    }

    private int CountCleanups() => File.ReadLines(_server.LogFile).Count(line => line.Contains("Tidied up:", StringComparison.Ordinal));

    private string Report(Monkey monkey, Aftermath aftermath, int seed)
    {
        string Slowest(IEnumerable<TimeSpan> times)
            => times.DefaultIfEmpty().Max().TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);
        var groups = monkey.Recoveries.GroupBy(one => one.Victim).OrderBy(group => group.Key)
            .Select(
                group
                    => $"{group.Key}: {group.Count()} recoveries, slowest ready after {Slowest(group.Select(one => one.Ready))} s and at "
                        + $"work after {Slowest(group.Select(one => one.Working))} s");
        return $"""
            Seed {seed}, {monkey.Kills.Count} kills ({string.Join(", ",
                monkey.Kills.GroupBy(kill => kill.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2])
                    .Select(group => $"{group.Count()} {group.Key}"))}).
                    {string.Join('\n', groups)}
            {_ledger.Accepted.Count} uploads accepted, {_ledger.Interrupted} broken off, {_ledger.Deletions.Count} videos deleted;
            {aftermath.Ready} tasks ready, {aftermath.Failed} failed by deletion; {aftermath.RepeatedStages} stages repeated.
            {_ledger.Searches} searches with {_ledger.Hits} videos in their answers, {_ledger.Looks} looks into the tables,
            {_ledger.Refused} requests refused with an error of 5xx.
            """;
    }

    private static int Setting(string name, int otherwise)
        => int.TryParse(Environment.GetEnvironmentVariable($"VIDEOUNDERSTANDING_CHAOS_{name}"), CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;
}

using System.Globalization;
using System.Net.Http.Json;
using VideoUnderstanding.EndToEndTests.Chaos;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Scaling;

/// <summary>An installation on separate machines (network namespaces) that fail at random while clients use it. Needs root.
/// <c>VIDEOUNDERSTANDING_MACHINES_SECONDS</c> sets the duration of the failures, <c>VIDEOUNDERSTANDING_MACHINES_SEED</c> the random seed:
/// docs/scaling.md.</summary>
[Collection(nameof(ExclusiveCollection))]
public sealed class SeparateMachinesTests : IAsyncLifetime
{
    private const int DefaultSeconds = 30;
    private const int DefaultSeed = 20_261;
    private const int UploadingClients = 3;
    private const int Megabyte = 1024 * 1024;

    /// <summary>Time until the last task has ended and the last event is delivered.</summary>
    private static readonly TimeSpan RecoveryTimeout = TimeSpan.FromMinutes(5);

    private readonly string _clips = Directory.CreateTempSubdirectory("vu-machines-clips-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private readonly ClientResults _results = new();
    private Installation? _installation;
    private OutsideServer? _outside;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await SmallClips.WriteToAsync(_clips, Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_installation is not null)
            await _installation.DisposeAsync();
        if (_outside is not null)
            await _outside.DisposeAsync();
        _stop.Dispose();
        Directory.Delete(_clips, recursive: true);
    }

    [Fact]
    public async Task Failing_machines_cause_no_lost_or_duplicate_data()
    {
        if (await Networks.FindObstacleAsync() is { } obstacle)
            Assert.Skip(obstacle);
        var (seconds, seed) = (Setting("SECONDS", DefaultSeconds), Setting("SEED", DefaultSeed));
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}, {seconds} s");
        _installation = await Installation.StartAsync(Cancellation);
        _outside = await OutsideServer.StartAsync(_installation.OwnAddress, _clips);
        var clients = new ConcurrentClients(_installation.NextClient, _installation.Tables, _results, _clips, _outside.AddressOf)
        {
            OpenTasks = 10, PaddingOf = PaddingOf,
            // Without speech, whose model takes most of the time of a task.
            Options = ["visual", "text_in_video"],
        };
        await clients.CreateIndexAsync(Cancellation);
        await AddWebhookAsync();
        var disturbances = new Disturbances(_installation, seed);
        var check = new LossCheck(_installation, _results, _outside, _clips, clients.Index);
        var recovery = TimeSpan.Zero;
        List<string> found;
        try
        {
            await RunClientsAsync(clients, disturbances, TimeSpan.FromSeconds(seconds), seed);
            recovery = await WaitForEndAsync();
            await CleanUpAsync();
            found = await check.FindAsync(PaddingOf);
        }
        catch (Exception failure)
        {
            found = [failure.ToString(), .. _results.Violations];
        }
        var report = Report(disturbances, check, seed, recovery);
        TestContext.Current.TestOutputHelper?.WriteLine(report);
        _installation.KeepFolders = found.Count > 0;
        Assert.True(found.Count == 0, $"{string.Join('\n', found.Take(40))}\n\n{report}\nWhat is left: {_installation.Root}, "
            + $"{string.Join(", ", _installation.Members.Select(member => $"{member.Machine.Name}: {member.Process.LogFile}"))}\n"
            + string.Join('\n', disturbances.Lines));
        // A low minimum, because the machine may be busy.
        Assert.True(check.Ready > seconds / 30 && disturbances.Count > seconds / 30, $"Too little was going on to say anything.\n{report}");
    }

    /// <summary>Every sixth upload has three parts in the store.</summary>
    private static int PaddingOf(int number) => number % 6 == 5 ? 12 * Megabyte : 0;

    private async Task AddWebhookAsync()
    {
        using var answer = await _installation!.NextClient().PostAsJsonAsync("/admin/webhooks", new { url = _outside!.AddressOf("hook") },
            Cancellation);
        answer.EnsureSuccessStatusCode();
    }

    private async Task RunClientsAsync(ConcurrentClients clients, Disturbances disturbances, TimeSpan duration, int seed)
    {
        Task[] requests = [.. Enumerable.Range(0, UploadingClients).Select(_ => clients.UploadAsync(_stop.Token)),
            clients.DeleteAsync(seed, _stop.Token), clients.SearchAsync(_stop.Token), CheckTablesAsync()];
        while (await _installation!.Tables.ReadAsync("SELECT FROM videos WHERE indexed_at IS NOT NULL", _ => true) is not { Count: > 0 })
            await Task.Delay(100, Cancellation);
        await disturbances.RunAsync(duration, Cancellation);
        await _stop.CancelAsync();
        await Task.WhenAll(requests);
    }

    private async Task CheckTablesAsync()
    {
        for (; !_stop.IsCancellationRequested; await Task.Delay(500, Cancellation))
        {
            if (await _installation!.Tables.InconsistentRowsAsync() is not { } wrong)
                continue;
            _results.CountTableCheck();
            foreach (var violation in wrong)
                _results.Violations.Add(violation);
        }
    }

    /// <returns>Time since the end of the disturbances.</returns>
    private async Task<TimeSpan> WaitForEndAsync()
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (await _installation!.Tables.CountOpenAsync() is not 0
            || await _installation.Tables.ReadAsync("SELECT FROM webhook_deliveries WHERE state = 'waiting'", _ => true) is not [])
        {
            if (TimeProvider.System.GetElapsedTime(begin) > RecoveryTimeout)
                throw new TimeoutException($"Tasks or deliveries are still open after {RecoveryTimeout}.");
            await Task.Delay(200, Cancellation);
        }
        return TimeProvider.System.GetElapsedTime(begin);
    }

    /// <summary>The cleanup runs at every start and skips recent objects. So the test sets all objects to an age of two days and restarts
    /// all processes.</summary>
    private async Task CleanUpAsync()
    {
        var old = TimeProvider.System.GetUtcNow().AddDays(-2).UtcDateTime;
        var (cleanups, uploads) = (CountLines("Tidied up:"), await _installation!.Store.UnfinishedAsync(""));
        // Unfinished uploads are folders.
        foreach (var entry in new DirectoryInfo(_installation.Store.FileFolder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .ToList())
            entry.LastWriteTimeUtc = old;
        await _installation.RestartAsync(Cancellation);
        for (var begin = TimeProvider.System.GetTimestamp();
            CountLines("Tidied up:") < cleanups + _installation.Members.Count || (await _installation.Store.UnfinishedAsync("")).Count > 0;
            await Task.Delay(500, Cancellation))
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < RecoveryTimeout,
                $"The cleanup did not end within {RecoveryTimeout}. Unfinished uploads before it: {uploads.Count}");
    }

    private int CountLines(string text) => _installation!.Members.Sum(member
        => File.ReadLines(member.Process.LogFile).Count(line => line.Contains(text, StringComparison.Ordinal)));

    private string Report(Disturbances disturbances, LossCheck check, int seed, TimeSpan recovery) => string.Create(
        CultureInfo.InvariantCulture, $"""
        Seed {seed}, {disturbances.Count} disturbances: {disturbances.Summary}.
        {_results.Accepted.Count} uploads accepted, {_results.Interrupted} interrupted, {_results.Deletions.Count} videos deleted;
        {check.Ready} videos ready, {check.Failed} tasks failed by deletion; all had ended {recovery.TotalSeconds:F1} s after
        the last disturbance.
        {check.Events} events, {_outside!.Received} notifications received; {_results.Searches} searches with {_results.Hits} videos in
        their answers, {_results.TableChecks} checks of the tables, {_results.Refused} requests refused with an error of 5xx:
        {string.Join('\n', _results.Refusals.Select(pair => $"  {pair.Value} x {pair.Key}"))}
        """);

    private static int Setting(string name, int otherwise) => int.TryParse(
        Environment.GetEnvironmentVariable($"VIDEOUNDERSTANDING_MACHINES_{name}"), CultureInfo.InvariantCulture, out var value)
        ? value
        : otherwise;
}

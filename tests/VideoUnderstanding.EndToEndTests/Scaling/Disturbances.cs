using System.Collections.Concurrent;
using System.Globalization;

namespace VideoUnderstanding.EndToEndTests.Scaling;

/// <summary>Disturbs an installation at random: kills and freezes processes, cuts machines off, and crashes databases. Several disturbances
/// happen at the same time, but one per machine. Each is repaired before it ends.</summary>
internal sealed class Disturbances(Installation installation, int seed)
{
    /// <summary>Disturbances at the same time.</summary>
    private const int Parallel = 2;

    /// <summary>Minimum time between two crashes of a database.</summary>
    private static readonly TimeSpan PauseOfDatabase = TimeSpan.FromSeconds(15);

    private const string KillWorker = "kill worker", KillApi = "kill API process", Freeze = "freeze worker", CutData = "cut off database",
        CutFiles = "cut off store", CutBoth = "cut off database and store", CrashPrimary = "crash primary", CrashStandby = "crash standby";

    /// <summary>A kind that is listed more often is selected more often.</summary>
    private static readonly string[] Kinds = [KillWorker, KillWorker, KillApi, KillApi, Freeze, Freeze, CutData, CutData, CutFiles,
        CutFiles, CutBoth, CrashPrimary, CrashPrimary, CrashStandby];

    private readonly ConcurrentDictionary<string, bool> _busy = [];
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly ConcurrentDictionary<string, int> _counts = [];

    /// <summary>One line per disturbance.</summary>
    public IEnumerable<string> Lines => _lines;

    public int Count => _counts.Values.Sum();

    /// <summary>Number of disturbances by kind.</summary>
    public string Summary => string.Join(", ", _counts.OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => $"{pair.Value} x {pair.Key}"));

    public Task RunAsync(TimeSpan duration, CancellationToken cancellationToken)
        => Task.WhenAll(Enumerable.Range(0, Parallel).Select(number => RunAsync(new Random(seed + number), duration, cancellationToken)));

    private async Task RunAsync(Random random, TimeSpan duration, CancellationToken cancellationToken)
    {
        for (var begin = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(begin) < duration;)
        {
            await Task.Delay(random.Next(3000), cancellationToken);
            var kind = Kinds[random.Next(Kinds.Length)];
            var member = ChooseMember(kind, random);
            var victim = member?.Machine.Name ?? (kind == CrashPrimary ? installation.Primary : installation.Standby).Name;
            if (!_busy.TryAdd(victim, true))
                continue;
            await DisturbAsync(kind, victim, member, random, cancellationToken);
            // Machines that are starting are not disturbed, so that without a pause the databases would be the only ones left.
            if (member is null)
                _ = ReleaseAsync(victim, cancellationToken);
            else
                _busy.TryRemove(victim, out _);
        }
    }

    private async Task ReleaseAsync(string database, CancellationToken cancellationToken)
    {
        await Task.Delay(PauseOfDatabase, cancellationToken);
        _busy.TryRemove(database, out _);
    }

    /// <returns>Null if the kind concerns a database.</returns>
    private Member? ChooseMember(string kind, Random random)
    {
        if (kind is CrashPrimary or CrashStandby)
            return null;
        Member[] possible = [.. installation.Members.Where(member => kind switch
        {
            KillWorker or Freeze => !member.IsApi,
            KillApi => member.IsApi,
            _ => true,
        })];
        return possible[random.Next(possible.Length)];
    }

    private async Task DisturbAsync(string kind, string victim, Member? member, Random random, CancellationToken cancellationToken)
    {
        // Shorter or longer than the lease. A database is unavailable for a shorter time.
        var pause = TimeSpan.FromSeconds(1 + (random.NextDouble() * (Installation.LeaseTimeout.TotalSeconds + 8)));
        var cut = random.Next(2) == 0 ? Cut.Cable : Cut.Silent;
        _counts.AddOrUpdate(kind, 1, (_, count) => count + 1);
        _lines.Enqueue(string.Create(CultureInfo.InvariantCulture,
            $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {victim}: {kind}, {pause.TotalSeconds:F1} s, {cut}"));
        switch (kind)
        {
            case KillWorker or KillApi:
                await member!.Process.KillAsync(cancellationToken);
                await Task.Delay(pause / 4, cancellationToken);
                member.Process.Start();
                await member.Process.WaitUntilReadyAsync(cancellationToken);
                break;
            case Freeze:
                await member!.Process.SignalAsync("STOP", cancellationToken);
                await Task.Delay(pause, CancellationToken.None);
                await member.Process.SignalAsync("CONT", cancellationToken);
                break;
            case CutData or CutFiles or CutBoth:
                await CutAsync(member!.Machine, kind switch { CutData => [Net.Data], CutFiles => [Net.Files], _ => [Net.Data, Net.Files] },
                    cut, pause);
                break;
            case CrashPrimary:
                await installation.Primary.CrashAsync(pause / 4);
                break;
            default:
                await installation.Standby.CrashAsync(pause / 4);
                break;
        }
        _lines.Enqueue(string.Create(CultureInfo.InvariantCulture,
            $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {victim}: end of {kind}"));
    }

    private static async Task CutAsync(Machine machine, Net[] nets, Cut cut, TimeSpan pause)
    {
        foreach (var net in nets)
            await machine.Networks.CutAsync(machine, net, cut);
        await Task.Delay(pause, CancellationToken.None);
        foreach (var net in nets)
            await machine.Networks.JoinAsync(machine, net);
    }
}

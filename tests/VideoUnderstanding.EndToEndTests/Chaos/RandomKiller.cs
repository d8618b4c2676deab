using System.Globalization;

namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary>Sends SIGKILL at random moments to the server, the main process of its database, another process of the database, or a running
/// ffmpeg or ffprobe.</summary>
internal sealed class RandomKiller(ServeProcess server, Tables tables, int seed)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly string[] Targets = ["server", "server", "database", "backend", "backend", "ffmpeg", "ffmpeg", "ffmpeg"];
    private readonly Random _random = new(seed);

    /// <summary>One line per kill.</summary>
    public List<string> Kills { get; } = [];

    /// <summary>Times from a kill until the server was ready and until work continued. Kills that were followed by another kill before the
    /// recovery are not included.</summary>
    public List<(string Target, TimeSpan Ready, TimeSpan Working)> Recoveries { get; } = [];

    public async Task RunAsync(int kills, CancellationToken cancellationToken)
    {
        var count = 0;
        while (count < kills)
        {
            await Task.Delay(_random.Next(2000), cancellationToken);
            var target = Targets[_random.Next(Targets.Length)];
            // After one kill in four, the next kill comes during the restart. The test always waits for the recovery from the last kill.
            var awaitsRecovery = _random.Next(4) > 0 || count == kills - 1;
            var (moment, begin) = (TimeProvider.System.GetUtcNow(), TimeProvider.System.GetTimestamp());
            if (await KillTargetAsync(target, cancellationToken) is not { } killed)
                continue;
            count++;
            Kills.Add(
                string.Create(CultureInfo.InvariantCulture,
                    $"{count,3} {moment:HH:mm:ss.fff} {target} {killed}{(awaitsRecovery ? "" : ", next kill before the recovery")}"));
            if (server.HasEnded)
                server.Start();
            if (awaitsRecovery)
                await RecoverAsync(target, moment, begin, cancellationToken);
        }
    }

    private async Task<int?> KillTargetAsync(string target, CancellationToken cancellationToken)
    {
        switch (target)
        {
            case "server":
                var id = server.Id;
                await server.KillAsync(cancellationToken);
                return id;
            case "database":
                return server.DatabaseId is { } main && Processes.Kill(main) ? main : null;
            case "backend":
                return server.DatabaseId is { } parent ? KillOneOf(Processes.Below(parent)) : null;
            default:
                // These processes run only briefly, so the search is repeated.
                for (var round = 0; round < 200; round++, await Task.Delay(10, cancellationToken))
                    if (KillOneOf([.. Processes.Below(server.Id).Where(process => process.Name is "ffmpeg" or "ffprobe")]) is { } killed)
                        return killed;
                return null;
        }
    }

    private int? KillOneOf(IReadOnlyList<(int Id, string Name)> processes)
        => processes.Count > 0 && processes[_random.Next(processes.Count)].Id is var id && Processes.Kill(id) ? id : null;

    private async Task RecoverAsync(string target, DateTimeOffset moment, long begin, CancellationToken cancellationToken)
    {
        await server.WaitUntilReadyAsync(cancellationToken);
        var ready = TimeProvider.System.GetElapsedTime(begin);
        while (await tables.HasMovedSinceAsync(moment) is not true)
        {
            if (TimeProvider.System.GetElapsedTime(begin) > Minute)
                throw new TimeoutException($"No work continued within a minute after kill {Kills.Count}. {server.Tail()}");
            await Task.Delay(100, cancellationToken);
        }
        Recoveries.Add((target, ready, TimeProvider.System.GetElapsedTime(begin)));
    }
}

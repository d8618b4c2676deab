using System.Globalization;

namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary>Kills with -9, at random moments: the server, its database's main process, one of the database's other processes, or an ffmpeg
/// at work.</summary>
internal sealed class Monkey(ServeProcess server, Tables tables, int seed)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly string[] Victims = ["server", "server", "database", "backend", "backend", "ffmpeg", "ffmpeg", "ffmpeg"];
    private readonly Random _random = new(seed);

    /// <summary>One line a kill.</summary>
    public List<string> Kills { get; } = [];

    /// <summary>From each kill until the server was ready again and work went on; only those that no further kill came into.</summary>
    public List<(string Victim, TimeSpan Ready, TimeSpan Working)> Recoveries { get; } = [];

    public async Task RunAsync(int kills, CancellationToken cancellationToken)
    {
        var count = 0;
        while (count < kills)
        {
            await Task.Delay(_random.Next(2000), cancellationToken);
            var victim = Victims[_random.Next(Victims.Length)];
            // The next one strikes while the server is still getting up. The last has to be recovered from.
            var patient = _random.Next(4) > 0 || count == kills - 1;
            var (moment, begin) = (TimeProvider.System.GetUtcNow(), TimeProvider.System.GetTimestamp());
            if (await StrikeAsync(victim, cancellationToken) is not { } struck)
                continue;
            count++;
            Kills.Add(
                string.Create(CultureInfo.InvariantCulture,
                    $"{count,3} {moment:HH:mm:ss.fff} {victim} {struck}{(patient ? "" : ", and the next before it is up again")}"));
            if (server.HasEnded)
                server.Start();
            if (patient)
                await RecoverAsync(victim, moment, begin, cancellationToken);
        }
    }

    private async Task<int?> StrikeAsync(string victim, CancellationToken cancellationToken)
    {
        switch (victim)
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
                // They live for a moment only.
                for (var tries = 0; tries < 200; tries++, await Task.Delay(10, cancellationToken))
                    if (KillOneOf([.. Processes.Below(server.Id).Where(process => process.Name is "ffmpeg" or "ffprobe")]) is { } killed)
                        return killed;
                return null;
        }
    }

    private int? KillOneOf(IReadOnlyList<(int Id, string Name)> processes)
        => processes.Count > 0 && processes[_random.Next(processes.Count)].Id is var id && Processes.Kill(id) ? id : null;

    private async Task RecoverAsync(string victim, DateTimeOffset moment, long begin, CancellationToken cancellationToken)
    {
        await server.WaitUntilReadyAsync(cancellationToken);
        var ready = TimeProvider.System.GetElapsedTime(begin);
        while (await tables.HasMovedSinceAsync(moment) is not true)
        {
            if (TimeProvider.System.GetElapsedTime(begin) > Minute)
                throw new TimeoutException($"A minute after kill {Kills.Count} no work has begun again. {server.Tail()}");
            await Task.Delay(100, cancellationToken);
        }
        Recoveries.Add((victim, ready, TimeProvider.System.GetElapsedTime(begin)));
    }
}

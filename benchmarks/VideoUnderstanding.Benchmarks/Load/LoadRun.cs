using System.Diagnostics;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.Benchmarks.Load;

/// <summary>Load test with many connections of several keys against one server, for some minutes. docs/load.md.</summary>
internal static class LoadRun
{
    private const string HeavyKey = "heavy";
    private static readonly TimeSpan UsualPause = TimeSpan.FromSeconds(2);

    /// <returns>The exit code: 0 if there were no failures.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var plan = LoadPlan.Read(args, ProjectFolder.Path);
        await using var server = await LoadServer.StartAsync(plan.Server);
        List<LoadKey> keys = [];
        foreach (var name in Enumerable.Range(1, plan.Keys).Select(number => $"key-{number}").Append(HeavyKey))
            keys.Add(await LoadKey.PrepareAsync(server, name));
        var (record, clip) = (new LoadRecord(), await File.ReadAllBytesAsync(server.Clip));
        Console.WriteLine($"{plan.Connections} connections for {plan.Minutes} minutes on {Environment.ProcessorCount} cores: "
            + $"{plan.Keys} keys alike, a heavy one without pauses with {plan.HeavyConnections} connections; "
            + $"uploads of {clip.Length} bytes in {plan.UploadSeconds} s");

        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(plan.Minutes));
        var begun = Stopwatch.GetTimestamp();
        record.Add(TimeSpan.Zero, server.Use());
        var clients = Enumerable.Range(0, plan.Connections).Select(number => Task.Run(() => StartAsync(number))).ToList();
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(30), stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            record.Add(Stopwatch.GetElapsedTime(begun), server.Use());
        }
        await Task.WhenAll(clients);
        record.Write(Console.Out, HeavyKey);
        return record.Failures == 0 ? 0 : 1;

        async Task StartAsync(int number)
        {
            // Clients start at different times, otherwise their uploads would stay synchronised.
            await Task.Delay(TimeSpan.FromSeconds(10 * Random.Shared.NextDouble()), stop.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var isHeavy = number < plan.HeavyConnections;
            var client = new LoadClient(server.Address, isHeavy ? keys[^1] : keys[number % plan.Keys],
                isHeavy ? TimeSpan.Zero : UsualPause, record);
            var work = isHeavy ? (number % 2 == 0 ? LoadWork.Search : LoadWork.Poll) : LoadPlan.WorkOf(number / plan.Keys);
            await client.RunAsync(work, clip, TimeSpan.FromSeconds(plan.UploadSeconds * (0.75 + 0.5 * Random.Shared.NextDouble())),
                stop.Token);
        }
    }
}

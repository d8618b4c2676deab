using System.Diagnostics;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.IntegrationTests.Switching;

/// <summary>The command <c>vu models switch</c> as a separate process during searches.</summary>
public sealed class SwitchUnderLoadTests(DatabaseTemplate template)
{
    private const int Searchers = 2;

    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(10);

    /// <summary>Delay between searches, so that the switch can make progress.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Searches_neither_fail_nor_mix_models_while_a_switch_is_killed_and_continued()
    {
        await using var bench = await SwitchBench.CreateAsync(template, videos: 3, new SwitchBenchSetup(HasLogos: true));
        await bench.AddLogoAsync("Acme");
        var expected = await bench.FindAsync();
        Assert.Equal(12, expected.Count);
        using var stop = new CancellationTokenSource();
        var counts = new int[Searchers];
        var searching = Task.WhenAll(Enumerable.Range(0, Searchers).Select(searcher => SearchAsync(bench, expected,
            () => counts[searcher]++, stop.Token)));

        using (var killed = Start(bench, "models", "switch", TinyModels.WideProfile))
        {
            await UntilAsync(async () => (await bench.WritersOfAsync(1)).Count >= 1);
            killed.Kill();
            await killed.WaitForExitAsync();
        }
        var written = await bench.WritersOfAsync(1);
        Assert.InRange(written.Count, 1, 2);
        Assert.Equal(0, (await bench.ReadSetAsync()).Generation);

        Assert.Contains($"searches use the models of {TinyModels.WideProfile}",
            await RunAsync(bench, "models", "switch", TinyModels.WideProfile, "--index", bench.Index.Id), StringComparison.Ordinal);
        await UntilAllSearchAsync(counts);
        Assert.Contains($"searches use the models of {TinyModels.Profile}", await RunAsync(bench, "models", "switch", "--back"),
            StringComparison.Ordinal);
        await UntilAllSearchAsync(counts);
        Assert.True(await bench.SwitchAsync(TinyModels.WideProfile));
        Assert.Contains("only the vectors that searches use remain", await RunAsync(bench, "models", "prune"), StringComparison.Ordinal);
        await UntilAllSearchAsync(counts);
        await stop.CancelAsync();
        await searching;

        var after = await bench.WritersOfAsync(1);
        Assert.Equal(3, after.Count);
        Assert.All(written, one => Assert.Equal(one.Value, after[one.Key]));
        Assert.Equal((1, TinyModels.WideProfile), ((await bench.ReadSetAsync()).Generation, (await bench.ReadSetAsync()).Profile));
    }

    [Fact]
    public async Task The_error_of_an_invalid_command_contains_the_reason()
    {
        await using var bench = await SwitchBench.CreateAsync(template, videos: 0);
        foreach (var (words, arguments) in new (string, string[])[]
        {
            ("The manifest has no profile none", ["none"]), ("Name the profile to switch to, or --back.", []),
            ("--speech does not belong to it", ["--back", "--speech"]),
            ("There is no index 6a1b2c3d4e5f6a1b2c3d4e5f", ["tiny-wide", "--index", "6a1b2c3d4e5f6a1b2c3d4e5f"]),
        })
        {
            using var process = Start(bench, ["models", "switch", .. arguments]);
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            Assert.Equal(1, process.ExitCode);
            Assert.Contains(words, await output + await error, StringComparison.Ordinal);
        }
    }

    private static Task SearchAsync(SwitchBench bench, IReadOnlyList<string> expected, Action whenFound, CancellationToken stop)
        => Task.Run(async () =>
        {
            for (var vectors = new ModelQueryVectors(bench.Models); !stop.IsCancellationRequested; whenFound())
            {
                Assert.Equal(expected, await bench.FindAsync(vectors));
                await Task.Delay(Pause, CancellationToken.None);
            }
        }, CancellationToken.None);

    private static async Task UntilAllSearchAsync(int[] counts)
    {
        int[] before = [.. counts];
        await UntilAsync(() => Task.FromResult(counts.Index().All(one => one.Item >= before[one.Index] + 2)));
    }

    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        for (var begin = TimeProvider.System.GetTimestamp(); !await reached(); await Task.Delay(20))
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < TimeLimit, "It took too long.");
    }

    private static async Task<string> RunAsync(SwitchBench bench, params string[] verb)
    {
        using var process = Start(bench, verb);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeLimit);
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, await error);
        return await output;
    }

    private static Process Start(SwitchBench bench, params string[] verb)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "vu.dll"), .. verb])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            Environment =
            {
                ["ConnectionStrings__Database"] = bench.Rows.ConnectionString,
                ["VideoUnderstanding__DataFolder"] = bench.Indexing.Files.Root,
            },
        };
        foreach (var (name, value) in bench.Settings(TinyModels.Profile))
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        return Process.Start(start)!;
    }
}

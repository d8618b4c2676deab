using System.Globalization;
using VideoUnderstanding.Benchmarks.Load;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.Benchmarks.FirstView;

/// <summary><c>first-view --rounds 20 --videos 50</c> measures how long the web app takes from the navigation to its first view.
/// docs/web-app.md.</summary>
internal static class FirstViewRun
{
    public static async Task<int> RunAsync(string[] args)
    {
        var (rounds, videos) = (Arguments.Whole(args, "rounds", 20), Arguments.Whole(args, "videos", 50));
        await using var server = await LoadServer.StartAsync(LoadPlan.Read(args, ProjectFolder.Path).Server);
        var library = await Library.PrepareAsync(server, videos);
        await using var chromium = new Chromium();
        var state = await library.SignInAsync(chromium);
        Console.WriteLine($"{Environment.ProcessorCount} cores, {rounds} rounds, an index with {videos} videos, load average {Load()}");
        Console.WriteLine("milliseconds: median, worst                      empty cache      filled cache");

        const string InWindow
            = "[...document.querySelectorAll('.videos img')].filter(one => one.getBoundingClientRect().top < innerHeight)";
        AppView[] views =
        [
            new("sign-in page", "/sign-in", "document.querySelector('input[autocomplete=username]')", null),
            new("library", "/", "document.querySelector('.indexes li')", state),
            new("an index", $"/indexes/{library.Index}", $"document.querySelectorAll('.videos li').length === {videos}", state),
            new("an index with the pictures in the window", $"/indexes/{library.Index}",
                $"document.querySelector('.videos') && {InWindow}.every(one => one.complete && one.naturalWidth > 0)", state),
        ];
        foreach (var view in views)
        {
            List<Loading> empty = [], filled = [];
            for (var round = 0; round < rounds; round++)
            {
                var (first, second) = await view.LoadTwiceAsync(chromium, server.Address);
                empty.Add(first);
                filled.Add(second);
            }
            Console.WriteLine($"{view.Name,-46}{Times(empty)}    {Times(filled)}");
            Console.WriteLine($"    empty cache: {empty[^1].Sizes}");
            Console.WriteLine($"    filled cache: {filled[^1].Sizes}");
        }
        Console.WriteLine($"load average at the end: {Load()}");
        return 0;
    }

    private static string Times(IEnumerable<Loading> loadings)
    {
        var sorted = loadings.Select(one => one.Milliseconds).Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{sorted[sorted.Count / 2],7:0},{sorted[^1],7:0}");
    }

    private static string Load() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]);
}

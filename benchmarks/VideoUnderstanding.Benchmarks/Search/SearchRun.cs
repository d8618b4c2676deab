using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Logos;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.Benchmarks.Search;

/// <summary>Measures each kind of search in a large index, through the same class as the server uses. docs/search-speed.md.</summary>
internal static class SearchRun
{
    /// <summary>Rounds before the measurement. In them the runtime compiles code in several tiers and PostgreSQL reads pages into
    /// memory.</summary>
    private const int WarmRounds = 60;

    private static readonly TimeSpan ClientsDuration = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] args)
    {
        var plan = SearchPlan.Read(args, ProjectFolder.Path);
        var vectors = new SyntheticVectors(plan.Dimensions, plan.Videos);
        await using var database = await SearchDatabase.OpenAsync(plan);
        using var host = Host(database.ConnectionString, vectors);
        await using (var scope = host.Services.CreateAsyncScope())
            await PrepareAsync(scope.ServiceProvider.GetRequiredService<VideoDbContext>(), plan, vectors);
        var questions = (await QuestionsAsync(host, plan)).ToList();
        Console.WriteLine(
            $"{plan.Videos} videos, {plan.Frames} frames, {plan.Segments} segments of speech, {plan.Lines} lines on screen, "
                + $"{plan.Dimensions} numbers a vector, and a tenth of it in another index; "
                + $"{plan.Rounds} rounds on {Environment.ProcessorCount} cores");
        Console.WriteLine("\n| search | p50 ms | p95 ms | clips | timed out |\n| --- | --- | --- | --- | --- |");
        using var statements = new StatementTimes();
        foreach (var question in questions.Where(question => question.Name.Contains(plan.Only, StringComparison.Ordinal)))
        {
            statements.Clear();
            await MeasureAsync(host, plan, question);
            if (plan.ShowsStatements)
                statements.Write(Console.Out);
        }
        if (plan.Only.Length == 0 || plan.Only.Contains("visual", StringComparison.Ordinal))
        {
            await RecallAsync(host, plan, questions.First());
            await ClientsAsync(host, plan, questions.First());
        }
        return 0;
    }

    /// <summary>Measures searches of several clients at the same time. Each client sends the next search as soon as it has a
    /// response.</summary>
    private static async Task ClientsAsync(IHost host, SearchPlan plan, SearchQuestion question)
    {
        Console.WriteLine($"\n| clients ({question.Name}) | searches a second | p50 ms | p95 ms | CPU ms each | memory MB |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (var clients in new[] { 1, 2, 4, 16 })
        {
            var (times, begun) = (new ConcurrentBag<double>(), Stopwatch.GetTimestamp());
            var cpu = Environment.CpuUsage.TotalTime;
            await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
            {
                for (var round = client; Stopwatch.GetElapsedTime(begun) < ClientsDuration; round++)
                {
                    await using var scope = host.Services.CreateAsyncScope();
                    var asked = Stopwatch.GetTimestamp();
                    await scope.ServiceProvider.GetRequiredService<VideoSearch>()
                        .FindAsync(question.Of(round % (plan.Rounds + 1)), CancellationToken.None);
                    times.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                }
            })));
            List<double> sorted = [.. times.Order()];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {clients} | {sorted.Count / Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} | {At(sorted, 0.5):0} | "
                    + $"{At(sorted, 0.95):0} | "
                    + $"{(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / sorted.Count:0.0} | "
                    + $"{Environment.WorkingSet >> 20} |"));
        }
    }

    /// <summary>Prints the share of the best moments of an exact comparison with every frame that the visual search finds.</summary>
    private static async Task RecallAsync(IHost host, SearchPlan plan, SearchQuestion visual)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var exact = new VideoSearch(services.GetRequiredService<VideoDbContext>(), services.GetRequiredService<IQueryVectors>(),
            services.GetRequiredService<LogoFinder>(), new IndexSamples(), services.GetRequiredService<SideConnectionLimit>(),
            Options.Create(new VideoSearchOptions { ExactVectors = 10_000_000 }));
        foreach (var best in new[] { 10, 50 })
        {
            var (wanted, found) = (0, 0);
            for (var round = 1; round <= plan.Rounds; round++)
            {
                // A filter that matches all videos makes the search compare all frames.
                var all = visual.Of(round) with { Filter = new VideoFilter([new NumberBetween("duration", 0, null)]) };
                var expected = (await exact.FindAsync(all, CancellationToken.None)).Take(best).Select(Place).ToList();
                var clips = await services.GetRequiredService<VideoSearch>().FindAsync(visual.Of(round), CancellationToken.None);
                wanted += expected.Count;
                found += expected.Intersect(clips.Select(Place)).Count();
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Of the best {best} moments of each visual search, {found} of {wanted} were found."));
        }
    }

    private static (string, double, double) Place(ClipMatch clip) => (clip.VideoId, clip.Start, clip.End);

    private static async Task MeasureAsync(IHost host, SearchPlan plan, SearchQuestion question)
    {
        var (times, clips, late) = (new List<double>(), 0, 0);
        // Rounds up to 0 warm up and are not measured.
        for (var round = -WarmRounds; round <= plan.Rounds; round++)
        {
            await using var scope = host.Services.CreateAsyncScope();
            var search = scope.ServiceProvider.GetRequiredService<VideoSearch>();
            var (begun, found) = (Stopwatch.GetTimestamp(), 0);
            try
            {
                found = (await search.FindAsync(question.Of(Math.Abs(round) % (plan.Rounds + 1)), CancellationToken.None)).Count;
            }
            catch (NpgsqlException slow) when (slow.InnerException is TimeoutException)
            {
                late++;
            }
            if (round > 0)
                times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            clips += round > 0 ? found : 0;
        }
        times.Sort();
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
                $"| {question.Name} | {At(times, 0.5):0} | {At(times, 0.95):0} | {(double)clips / plan.Rounds:0.#} | {late} |"));
    }

    private static double At(List<double> sorted, double share) => sorted[(int)Math.Ceiling((sorted.Count - 1) * share)];

    private static IHost Host(string connectionString, SyntheticVectors vectors)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        // Settings of the search, such as VideoUnderstanding__Search__SideConnections.
        builder.Configuration.AddEnvironmentVariables();
        builder.Configuration.AddInMemoryCollection([new($"ConnectionStrings:{DataRegistration.ConnectionName}", connectionString)]);
        builder.Services.AddSingleton<IQueryVectors>(vectors);
        builder.AddMedia();
        builder.AddData();
        builder.AddSearch();
        return builder.Build();
    }

    private static async Task PrepareAsync(VideoDbContext db, SearchPlan plan, SyntheticVectors vectors)
    {
        var begun = Stopwatch.GetTimestamp();
        db.Database.SetCommandTimeout(0);
        await DatabaseSetup.MigrateAsync(db, CancellationToken.None);
        var model = new VectorModel("synthetic", plan.Dimensions);
        if (await VectorColumns.EnsureAsync(db, model, model, CancellationToken.None) is { } complaint)
            throw new InvalidOperationException(complaint);
        if (!await db.Videos.AnyAsync())
            await new SearchFill(db, plan, vectors).FillAsync();
        foreach (var index in await SearchTableStore.LargeSharedAsync(db, new SearchTableOptions().SharedRows, CancellationToken.None))
        {
            var moving = Stopwatch.GetTimestamp();
            await SearchTableStore.SeparateAsync(db, index, CancellationToken.None);
            Console.WriteLine($"An index was moved to tables of its own in {Stopwatch.GetElapsedTime(moving).TotalSeconds:0} s.");
        }
        await db.Database.ExecuteSqlRawAsync("VACUUM ANALYZE");
        Console.WriteLine($"The database was ready after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s.");
    }

    private static async Task<IEnumerable<SearchQuestion>> QuestionsAsync(IHost host, SearchPlan plan)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
        var ids = await db.Indexes.ToDictionaryAsync(index => index.Name, index => index.Id);
        var large = ids[SearchFill.Large];
        var segments = db.SegmentsIn(await SearchTableStore.ReadAsync(db, large, CancellationToken.None));
        Task<List<string>> Said(string language) => segments
            .Where(row => row.IndexId == large && row.Source == TextSource.Speech && row.Language == language)
            .OrderBy(row => row.Number).ThenBy(row => row.VideoId).Take(plan.Rounds + 1).Select(row => row.Text).ToListAsync();
        return new SearchQuestions(large, ids[SearchFill.Small], await Said("en"), await Said("ru")).All();
    }
}

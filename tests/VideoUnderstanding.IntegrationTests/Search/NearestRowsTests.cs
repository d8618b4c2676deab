using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Filters;

namespace VideoUnderstanding.IntegrationTests.Search;

public sealed class NearestRowsTests(RandomVectors vectors) : IClassFixture<RandomVectors>
{
    private static readonly string Settings = ClipReader.IndexSettings(new VideoSearchOptions());

    private readonly Random _random = new(7);

    [Fact]
    public async Task With_a_selective_filter_the_result_is_exact()
    {
        await using var db = vectors.Database.Open();
        for (var round = 0; round < 20; round++)
        {
            // At most 39 videos with 500 frames each.
            var (query, scope) = (RandomVectors.Vector(_random), Scope(vectors.Large, RandomVectors.Videos - 2 - _random.Next(40)));
            Assert.True(await Reader(db).IsSmallAsync(SearchTable.Frames, scope, null, CancellationToken.None));
            var curves = await Reader(db).CurvesAsync(scope, query, CancellationToken.None).ToListAsync();
            Assert.Equal(vectors.Expected(scope, query, 50), curves
                .SelectMany(curve => curve.Frames.Select(frame => (curve.VideoId, frame)))
                .OrderByDescending(row => row.frame.Cosine).Take(50).Select(row => (row.VideoId, row.frame.Start)));
            Assert.All(curves, curve =>
                Assert.Equal(curve.Frames.Select(frame => frame.Start).Order(), curve.Frames.Select(frame => frame.Start)));
        }
    }

    [Fact]
    public async Task The_index_gives_at_least_95_of_100_nearest_rows()
    {
        await using var db = vectors.Database.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var (hits, wanted) = (0, 0);
        for (var round = 0; round < 30; round++)
        {
            // The whole index, or half of its videos: too many rows for an exact comparison.
            var (query, scope) = (RandomVectors.Vector(_random), Scope(vectors.Large, round % 3 == 0 ? 0 : RandomVectors.Videos / 2));
            var found = await Reader(db).FramesByIndexAsync(scope, query, 50, _ => false, CancellationToken.None);
            Assert.Equal(50, found.Count);
            Assert.Equal(found.Select(hit => hit.Distance).Order(), found.Select(hit => hit.Distance));
            var expected = vectors.Expected(scope, query, 50).ToHashSet();
            wanted += expected.Count;
            hits += found.Count(hit => expected.Contains((hit.VideoId, hit.Start)));
        }
        Assert.True(hits >= 0.95 * wanted, $"{hits} of {wanted}");
    }

    [Fact]
    public async Task The_statement_for_many_rows_uses_the_vector_index_and_the_exact_one_does_not()
    {
        await using var db = vectors.Database.Open();
        foreach (var scope in new[] { Scope(vectors.Large, 0), Scope(vectors.Large, 10) })
        {
            var query = RandomVectors.Vector(_random);
            foreach (var limit in new[] { 50, 1_000, 10_000 })
                Assert.Contains("frame_vectors_1_embedding",
                    await db.PlanAsync(ClipQueries.FramesByIndex(scope, query, limit).AsCursor("frames"), Settings));
            foreach (var exact in new[] { ClipQueries.VideosByScan(scope, query, 50), CurveQueries.Curves(scope, query) })
                Assert.DoesNotContain("frame_vectors_1_embedding", await db.PlanAsync(exact, Settings));
        }
    }

    [Fact]
    public async Task The_settings_of_a_scan_do_not_stay_on_the_connection()
    {
        await using var db = vectors.Database.Open();
        await db.Database.OpenConnectionAsync();
        Task<string> SettingAsync()
            => db.Database.SqlQueryRaw<string>("SELECT current_setting('hnsw.iterative_scan') AS \"Value\"").SingleAsync();
        await using (await db.Database.BeginTransactionAsync())
        {
            await Reader(db).FramesByIndexAsync(Scope(vectors.Large, 0), RandomVectors.Vector(_random), 10, _ => false,
                CancellationToken.None);
            Assert.Equal("relaxed_order", await SettingAsync());
        }
        Assert.NotEqual("relaxed_order", await SettingAsync());
    }

    [Fact]
    public async Task The_size_of_a_search_in_a_large_index_is_the_number_of_filtered_rows()
    {
        await using var db = vectors.Database.Open();
        Task<bool> IsSmallAsync(SearchScope scope, int exactVectors)
            => Reader(db, exactVectors).IsSmallAsync(SearchTable.Frames, scope, null, CancellationToken.None);
        Assert.False(await IsSmallAsync(Scope(vectors.Large, 0), 1_000_000));
        Assert.True(await IsSmallAsync(Scope(vectors.Large, RandomVectors.Videos - 5), 5 * RandomVectors.FramesEach));
        Assert.False(await IsSmallAsync(Scope(vectors.Large, RandomVectors.Videos - 6), 5 * RandomVectors.FramesEach));
        Assert.True(await IsSmallAsync(Scope(vectors.Large, 0) with { Tables = SearchTableNames.Shared }, 0));
    }

    [Fact]
    public async Task A_scan_of_the_index_is_limited_by_the_settings_and_not_by_work_mem()
    {
        await using var db = vectors.Database.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Database.ExecuteSqlRawAsync("SET LOCAL work_mem = '4MB'");
        // The filter keeps one video in ten, so the scan visits more than 30,000 rows. Their state exceeds 4 MB.
        var scope = Scope(vectors.Large, RandomVectors.Videos - 21);
        var query = RandomVectors.Vector(_random);
        var found = await Reader(db).FramesByIndexAsync(scope, query, 4_000, _ => false, CancellationToken.None);
        Assert.Equal(4_000, found.Count);
        Assert.True(found.Select(hit => (hit.VideoId, hit.Start)).Intersect(vectors.Expected(scope, query, 4_000)).Count() >= 3_800);
    }

    [Fact]
    public async Task The_vector_index_is_read_until_enough_videos_are_found()
    {
        await using var db = vectors.Database.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var (query, scope) = (RandomVectors.Vector(_random), Scope(vectors.Large, 0));
        var expected = vectors.Expected(scope, query, 5_000).Select(row => row.Item1).Distinct().Take(100).ToList();

        var found = await Reader(db).NearestVideosAsync(scope, query, CancellationToken.None);

        Assert.Equal(100, found.Count);
        Assert.True(found.Select(near => near.VideoId).Intersect(expected).Count() >= 95);
        // If the scan ends among rows that the filter excludes, all rows that pass the filter are compared.
        foreach (var count in new[] { 1, 2, 11 })
        {
            var narrow = Scope(vectors.Large, RandomVectors.Videos - count);
            Assert.Equal(vectors.Expected(narrow, query, 6_000).Select(row => row.Item1).Distinct().Order(),
                (await Reader(db, exactVectors: 0, scanTuples: 1_000).NearestVideosAsync(narrow, query, CancellationToken.None))
                    .Select(near => near.VideoId).Order());
        }
    }

    private static SearchScope Scope(VideoIndex index, int minWidth)
        => new(index.Id, minWidth == 0 ? VideoFilter.None : new VideoFilter([new NumberBetween("width", minWidth, null)]))
        {
            Tables = SearchTableNames.Dedicated(index.Id, 1),
        };

    private static ClipReader Reader(VideoDbContext db, int exactVectors = 20_000, int scanTuples = 200_000)
        => new(new SnapshotConnections(db), Options.Create(new VideoSearchOptions
        {
            ExactVectors = exactVectors, HnswScanTuples = scanTuples, CandidateVideos = 100, CandidateVectors = 500,
        }));
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Filters;

namespace VideoUnderstanding.IntegrationTests.Search;

public sealed class NearestRowsTests(RandomVectors vectors) : IClassFixture<RandomVectors>
{
    private static readonly string Settings = ClipReader.IndexSettings(new VideoSearchOptions());

    private readonly Random random = new(7);

    [Fact]
    public async Task The_exact_way_gives_the_very_nearest_rows_for_any_filter()
    {
        await using var db = vectors.Database.Open();
        for (var round = 0; round < 20; round++)
        {
            var (query, scope) = (RandomVectors.Vector(random), Scope(round % 2 == 0 ? vectors.Large : vectors.Small, round % 3 == 0 ? 0 : random.Next(RandomVectors.Videos)));
            var found = await NearestAsync(Reader(db, exactVectors: 200_000), scope, query, 50);
            Assert.Equal(vectors.Expected(scope, query, 50), found.Select(hit => (hit.VideoId, hit.Start)));
        }
    }

    [Fact]
    public async Task The_index_gives_at_least_95_of_100_nearest_rows()
    {
        await using var db = vectors.Database.Open();
        var (hits, wanted) = (0, 0);
        for (var round = 0; round < 30; round++)
        {
            // The first look of every scope is narrow: one index of two, and a part of its videos.
            var (query, scope) = (RandomVectors.Vector(random), Scope(vectors.Large, round % 3 == 0 ? 0 : RandomVectors.Videos / 2));
            var found = await NearestAsync(Reader(db, exactVectors: 0), scope, query, 50);
            Assert.Equal(50, found.Count);
            Assert.Equal(found.Select(hit => hit.Distance).Order(), found.Select(hit => hit.Distance));
            var expected = vectors.Expected(scope, query, 50).ToHashSet();
            wanted += expected.Count;
            hits += found.Count(hit => expected.Contains((hit.VideoId, hit.Start)));
        }
        Assert.True(hits >= 0.95 * wanted, $"{hits} of {wanted}");
    }

    [Fact]
    public async Task There_are_never_fewer_rows_than_exist()
    {
        await using var db = vectors.Database.Open();
        foreach (var video in vectors.SmallVideos.Take(3))
        {
            var scope = new SearchScope(vectors.Small.Id, new VideoFilter([new VideoIsOneOf([video])]));
            var query = RandomVectors.Vector(random);
            // The look gives up after few rows, long before it has seen the one video in two hundred.
            var found = await NearestAsync(Reader(db, exactVectors: 0, scanTuples: 1_000), scope, query, RandomVectors.FramesEach);
            Assert.Equal(vectors.Expected(scope, query, RandomVectors.FramesEach), found.Select(hit => (hit.VideoId, hit.Start)));
            Assert.Equal(80, (await NearestAsync(Reader(db, exactVectors: 0), scope, query, 80)).Distinct().Count());
        }
    }

    [Fact]
    public async Task The_statement_for_many_rows_uses_the_vector_index_and_the_exact_one_does_not()
    {
        await using var db = vectors.Database.Open();
        var scope = Scope(vectors.Large, 10);
        Assert.Contains("ix_frame_vectors_embedding", await db.PlanAsync(ClipQueries.FramesByIndex(scope, RandomVectors.Vector(random), 50, []), Settings));
        foreach (var exact in new[] { ClipQueries.FramesByScan(scope, RandomVectors.Vector(random), 50), ClipQueries.Curves(scope, RandomVectors.Vector(random)) })
            Assert.DoesNotContain("ix_frame_vectors_embedding", await db.PlanAsync(exact, Settings));
    }

    [Fact]
    public async Task The_settings_of_a_look_do_not_stay_on_the_connection()
    {
        await using var db = vectors.Database.Open();
        await db.Database.OpenConnectionAsync();
        await NearestAsync(Reader(db, exactVectors: 0), Scope(vectors.Large, 0), RandomVectors.Vector(random), 10);
        Assert.Equal("on", await db.Database.SqlQueryRaw<string>("SELECT current_setting('enable_sort') AS \"Value\"").SingleAsync());
    }

    [Fact]
    public async Task A_small_part_of_a_large_table_is_compared_rather_than_sought_among_the_rest()
    {
        await using var db = vectors.Database.Open();
        var reader = Reader(db, exactVectors: 1_000);
        Assert.Equal(ScopeSize.Scannable, await reader.SizeOfFramesAsync(Scope(vectors.Small, 0), 50, CancellationToken.None));
        Assert.Equal(ScopeSize.Large, await reader.SizeOfFramesAsync(Scope(vectors.Large, 0), 50, CancellationToken.None));
        Assert.Equal(ScopeSize.Small, await reader.SizeOfFramesAsync(Scope(vectors.Small, RandomVectors.Videos - 25), 50, CancellationToken.None));
    }

    [Fact]
    public async Task A_look_into_the_index_goes_as_far_as_the_settings_say_and_not_as_work_mem_does()
    {
        await using var db = vectors.Database.Open();
        await db.Database.OpenConnectionAsync();
        await db.Database.ExecuteSqlRawAsync("SET work_mem = '4MB'");
        // One row in twenty counts, so the look goes past 40,000: twice as many as it remembers in 4 MB.
        var found = await Reader(db, exactVectors: 0).FramesByIndexAsync(Scope(vectors.Small, 0), RandomVectors.Vector(random), 2_000, [], CancellationToken.None);
        await db.Database.ExecuteSqlRawAsync("RESET work_mem");
        Assert.Equal(2_000, found.Count);
    }

    [Fact]
    public async Task Videos_are_found_by_every_frame_or_where_that_is_too_much_by_a_sample_of_all_parts()
    {
        await using var db = vectors.Database.Open();
        var (query, scope) = (RandomVectors.Vector(random), Scope(vectors.Large, 0));
        var (all, isExact) = await Reader(db, exactVectors: 100_000).NearestVideosAsync(scope, query, 10, CancellationToken.None);
        Assert.True(isExact);
        Assert.Equal(vectors.Expected(scope, query, 5_000).Select(row => row.Item1).Distinct().Take(10), all);

        var (some, isSampleExact) = await Reader(db, exactVectors: 1_000).NearestVideosAsync(scope, query, RandomVectors.Videos, CancellationToken.None);
        Assert.False(isSampleExact);
        Assert.InRange(some.Distinct().Count(), 50, RandomVectors.Videos);
    }

    private static async Task<IReadOnlyList<FrameHit>> NearestAsync(ClipReader reader, SearchScope scope, float[] query, int limit)
        => await reader.NearestFramesAsync(scope, await reader.SizeOfFramesAsync(scope, limit, CancellationToken.None), query, limit, CancellationToken.None);

    private static SearchScope Scope(VideoIndex index, int leastWidth)
        => new(index.Id, leastWidth == 0 ? VideoFilter.None : new VideoFilter([new NumberBetween("width", leastWidth, null)]));

    private static ClipReader Reader(VideoDbContext db, int exactVectors, int scanTuples = 200_000)
        => new(db, Options.Create(new VideoSearchOptions { ExactVectors = exactVectors, HnswScanTuples = scanTuples }));
}

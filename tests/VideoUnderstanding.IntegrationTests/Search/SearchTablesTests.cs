using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>Indexes with their own search tables beside indexes that share tables.</summary>
public sealed class SearchTablesTests(SearchDatabase database, DatabaseTemplate template) : IClassFixture<SearchDatabase>
{
    private static readonly string[] Options = [IndexOptions.Visual, IndexOptions.Conversation, IndexOptions.TextInVideo];

    private TestDatabase Rows => database.Rows;

    [Fact]
    public async Task Moving_an_index_to_its_own_tables_does_not_change_answers()
    {
        var index = await Rows.AddIndexAsync();
        for (var i = 0; i < 5; i++)
            await AddVideoAsync(index);
        var before = await FindAsync(index);

        await Rows.SeparateAsync(index);

        Assert.NotEmpty(before);
        Assert.Equal(before.Select(Fields), (await FindAsync(index)).Select(Fields));
        await using var db = Rows.Open();
        Assert.False(await db.Frames.AnyAsync(row => row.IndexId == index.Id));
        Assert.False(await SearchTableStore.SeparateAsync(db, index.Id, CancellationToken.None));
        Assert.DoesNotContain(index.Id, await SearchTableStore.LargeSharedAsync(db, 0, CancellationToken.None));
    }

    [Fact]
    public async Task Only_indexes_with_more_rows_than_the_limit_are_large()
    {
        var (small, large) = (await Rows.AddIndexAsync(), await Rows.AddIndexAsync());
        await AddVideoAsync(small);
        await AddVideoAsync(large);
        await AddVideoAsync(large);
        await using var db = Rows.Open();

        var found = await SearchTableStore.LargeSharedAsync(db, 45, CancellationToken.None);

        Assert.Contains(large.Id, found);
        Assert.DoesNotContain(small.Id, found);
    }

    [Fact]
    public async Task A_search_that_began_before_a_move_sees_all_rows_until_it_ends()
    {
        var index = await Rows.AddIndexAsync();
        await AddVideoAsync(index);
        await using var db = Rows.Open();

        var seen = await SearchTableStore.InSnapshotAsync(db, index.Id, async tables =>
        {
            await Rows.SeparateAsync(index);
            return await db.FramesIn(tables).CountAsync(row => row.IndexId == index.Id);
        }, () => -1, CancellationToken.None);

        Assert.Equal(45, seen);
        Assert.Equal(45, await SearchTableStore.InSnapshotAsync(db, index.Id,
            tables => db.FramesIn(tables).CountAsync(row => row.IndexId == index.Id), () => -1, CancellationToken.None));
    }

    [Fact]
    public async Task Rows_written_after_a_move_are_found_and_deleted_with_their_video()
    {
        var index = await Rows.AddIndexAsync();
        await AddVideoAsync(index);
        await Rows.SeparateAsync(index);
        var video = await Rows.AddVideoAsync(index);
        await using var db = Rows.Open();
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            await ReplaceAsync(db, video, "red");
            await transaction.CommitAsync();
        }
        Assert.Contains(video.Id, (await FindAsync(index)).Select(clip => clip.VideoId));

        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            await SearchTableStore.DeleteVideosAsync(db, index.Id, [video.Id], CancellationToken.None);
            await transaction.CommitAsync();
        }

        Assert.DoesNotContain(video.Id, (await FindAsync(index)).Select(clip => clip.VideoId));
        Assert.NotEmpty(await FindAsync(index));
    }

    [Fact]
    public async Task Writers_of_an_index_wait_for_a_move_and_write_to_the_new_tables()
    {
        var index = await Rows.AddIndexAsync();
        await AddVideoAsync(index);
        await using var writer = Rows.Open();
        var writing = await writer.Database.BeginTransactionAsync();
        await SearchTableStore.LockForWritingAsync(writer, index.Id, CancellationToken.None);

        var moving = Rows.SeparateAsync(index);
        await Rows.UntilWaitingAsync();
        var video = await Rows.AddVideoAsync(index);
        await ReplaceAsync(writer, video, "red");
        await writing.CommitAsync();
        await moving;

        Assert.Contains(video.Id, (await FindAsync(index)).Select(clip => clip.VideoId));
    }

    [Fact]
    public async Task An_index_with_its_own_tables_is_removed_without_blocking_other_searches()
    {
        var (index, other) = (await Rows.AddIndexAsync(), await Rows.AddIndexAsync());
        foreach (var one in new[] { index, other })
        {
            await AddVideoAsync(one);
            await Rows.SeparateAsync(one);
        }
        await using var reader = Rows.Open();
        await using var reading = await reader.Database.BeginTransactionAsync();
        Assert.NotEqual(0, await reader.FramesIn(SearchTableNames.Dedicated(index.Id, 1)).CountAsync());
        await using var db = Rows.Open();

        // A reader holds a lock on the tables, like a backup. The removal stops without blocking other searches.
        var removing = SearchTableStore.RemoveIndexAsync(db, index.Id, CancellationToken.None);
        await Rows.UntilWaitingAsync();
        Assert.NotEmpty(await FindAsync(other));
        Assert.False(await removing);
        await reading.RollbackAsync();

        Assert.True(await SearchTableStore.RemoveIndexAsync(db, index.Id, CancellationToken.None));
        Assert.Empty(await FindAsync(index));
        Assert.NotEmpty(await FindAsync(other));
        Assert.Equal(0, await db.Database.SqlQuery<int>(
            $"SELECT count(*)::int AS \"Value\" FROM pg_namespace WHERE nspname = 'index_' || {index.Id}").SingleAsync());
    }

    [Fact]
    public async Task A_search_during_a_removal_finds_nothing_and_does_not_fail()
    {
        var index = await Rows.AddIndexAsync();
        await AddVideoAsync(index);
        await Rows.SeparateAsync(index);
        await using var db = Rows.Open();

        var found = await SearchTableStore.InSnapshotAsync(db, index.Id, async tables =>
        {
            await using var other = Rows.Open();
            Assert.True(await SearchTableStore.RemoveIndexAsync(other, index.Id, CancellationToken.None));
            return await db.FramesIn(tables).CountAsync();
        }, () => -1, CancellationToken.None);

        Assert.Equal(-1, found);
    }

    [Fact]
    public async Task Tables_of_single_indexes_follow_the_configured_models_like_the_shared_ones()
    {
        await using var copy = new SearchDatabase(template);
        await copy.InitializeAsync();
        var own = copy.Rows;
        var index = await own.AddIndexAsync();
        await own.AddFramesAsync(await own.AddVideoAsync(index), (5, "red", 0.9));
        await own.SeparateAsync(index);
        await using var db = own.Open();
        var model = new VectorModel("model", ColourVectors.Dimensions);

        Assert.Equal("model", (await VectorColumns.ReadModelsAsync(db, CancellationToken.None)).Visual);
        Assert.Null(await VectorColumns.EnsureAsync(db, model, model, CancellationToken.None));
        Assert.Contains("vectors of the model model, but other is configured",
            await VectorColumns.EnsureAsync(db, model with { Id = "other" }, null, CancellationToken.None), StringComparison.Ordinal);
        // This index has no segments, so its segment table changes to the new vector length, together with its vector indexes.
        Assert.Null(await VectorColumns.EnsureAsync(db, null, new VectorModel("long", 384), CancellationToken.None));
        Assert.Equal(2, await db.Database.SqlQuery<int>($"""
            SELECT count(*)::int AS "Value" FROM pg_indexes WHERE schemaname = 'index_' || {index.Id} AND tablename = 'text_segments_1'
                AND indexdef LIKE '%hnsw%'
            """).SingleAsync());
    }

    private async Task AddVideoAsync(VideoIndex index)
    {
        var video = await Rows.AddVideoAsync(index);
        await Rows.AddFramesAsync(video, (20, "green", 0.9), (5, "red", 0.9), (20, "green", 0.9));
        await Rows.AddTextAsync(video, TextSource.Speech, (20, 24, "red and red"), (30, 34, "colour: green"));
        await Rows.AddTextAsync(video, TextSource.Screen, (1, 4, "red"), (5, 6, "harbour"));
    }

    private static Task ReplaceAsync(VideoDbContext db, Video video, string colour)
        => Data.SearchTables.SearchRows.ReplaceFramesAsync(db, VideoRange.All(video.IndexId, video.Id), Enumerable.Range(0, 5)
            .Select(second => new FrameVector
            {
                IndexId = video.IndexId, VideoId = video.Id, Start = second, End = second + 1,
                Embedding = ColourVectors.Picture(colour, 0.9),
            }), CancellationToken.None);

    private async Task<IReadOnlyList<ClipMatch>> FindAsync(VideoIndex index)
    {
        await using var db = Rows.Open();
        return await db.Search().FindAsync(new SearchQuery(index.Id, new TextQuery("red", Options), Threshold: MatchLevel.Low),
            CancellationToken.None);
    }

    private static (string, double, double, double) Fields(ClipMatch clip) => (clip.VideoId, clip.Start, clip.End, clip.Score);
}

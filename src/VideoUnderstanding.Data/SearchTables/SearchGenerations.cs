using Microsoft.EntityFrameworkCore;
using Npgsql;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.SearchTables;

/// <summary>The generations of an index's tables: each has the vectors of one profile. docs/decisions/0020-model-generations.md.</summary>
public static class SearchGenerations
{
    /// <returns>The row of an index. An index without one uses the shared tables.</returns>
    public static async Task<SearchTableSet> ReadAsync(VideoDbContext db, string indexId, CancellationToken cancellationToken)
        => await db.SearchTableSets.AsNoTracking().SingleOrDefaultAsync(set => set.IndexId == indexId, cancellationToken)
            ?? new SearchTableSet { IndexId = indexId };

    /// <summary>Creates empty tables for the vectors of a profile. An unfinished generation is deleted.</summary>
    /// <param name="outdatedTranscripts">See <see cref="SearchTableSet.NextHasOutdatedTranscripts"/>.</param>
    /// <returns>Number of the generation.</returns>
    /// <exception cref="InvalidOperationException">The models do not fit the tables.</exception>
    public static async Task<int> BeginAsync(
        VideoDbContext db, string indexId, string profile, VectorModels models, bool outdatedTranscripts,
        CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await SearchTableStore.LockExclusivelyAsync(db, indexId, cancellationToken);
        if ((await ReadAsync(db, indexId, cancellationToken)).NextGeneration is { } abandoned)
            await DropAsync(db, indexId, abandoned, cancellationToken);
        var generation = await AddAsync(db, indexId, models,
            set => (set.NextGeneration, set.NextProfile, set.NextHasOutdatedTranscripts)
                = (set.LastGeneration, profile, outdatedTranscripts),
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return generation;
    }

    /// <summary>Assigns the models of a profile to a new index, which has no rows.</summary>
    /// <exception cref="InvalidOperationException">The models do not fit the tables.</exception>
    public static async Task StartWithAsync(
        VideoDbContext db, string indexId, string profile, VectorModels models, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await SearchTableStore.LockExclusivelyAsync(db, indexId, cancellationToken);
        await AddAsync(db, indexId, models, set => (set.Generation, set.Profile) = (set.LastGeneration, profile), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Creates empty tables with their indexes, in the caller's transaction.</summary>
    private static async Task<int> AddAsync(VideoDbContext db, string indexId, VectorModels models, Action<SearchTableSet> use,
        CancellationToken cancellationToken)
    {
        var tables = await SearchTableStore.AddGenerationAsync(db, indexId, use, cancellationToken);
        if (await VectorColumns.SetAsync(db, tables, models, cancellationToken) is { } error)
            throw new InvalidOperationException(error);
        foreach (var statement in SearchTableStore.All.SelectMany(table => SearchTableShape.RowIndexes(tables, table)))
            await SearchTableStore.ExecuteAsync(db, statement, cancellationToken);
        return tables.Generation;
    }

    /// <summary>Returns the finished videos whose rows are not in a generation, oldest first, with their durations in seconds.</summary>
    public static Task<List<MissingVideo>> MissingVideosAsync(
        VideoDbContext db, string indexId, int generation, CancellationToken cancellationToken)
        => db.Videos.AsNoTracking()
            .Where(video => video.IndexId == indexId && video.IndexedAt != null
                && !db.GenerationVideos.Any(row => row.VideoId == video.Id && row.Generation == generation))
            .OrderBy(video => video.Id)
            .Select(video => new MissingVideo(video.Id, video.Filename, video.Duration ?? 0))
            .ToListAsync(cancellationToken);

    /// <summary>Writes the rows of a video in a generation that searches do not read, and marks the video as complete, in one
    /// transaction.</summary>
    /// <param name="write">Gets the tables that searches read.</param>
    /// <returns>False if the video or the generation was deleted meanwhile; then nothing is written.</returns>
    public static async Task<bool> WriteVideoAsync(VideoDbContext db, string indexId, string videoId, int generation,
        Func<SearchTableNames, Task> write, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Video before index, like all writers; the lock keeps the video until its rows are committed.
        var isThere = await SearchTableStore.LockVideoAsync(db, videoId, cancellationToken);
        var current = await SearchTableStore.LockForWritingAsync(db, indexId, cancellationToken);
        var set = await ReadAsync(db, indexId, cancellationToken);
        if (!isThere || (set.NextGeneration != generation && set.PreviousGeneration != generation))
            return false;
        var tables = SearchTableNames.Of(indexId, generation);
        string[] ids = [videoId];
        foreach (var table in SearchTableStore.All)
            await db.Database.ExecuteSqlRawAsync(SearchTableShape.DeleteVideos(tables, table), [ids], cancellationToken);
        await write(current);
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO generation_videos (video_id, generation) VALUES ({videoId}, {generation}) ON CONFLICT DO NOTHING",
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Copies the rows of a video from one table to that of another generation, in the caller's transaction.</summary>
    public static Task CopyAsync(VideoDbContext db, SearchTableNames from, SearchTableNames to, SearchTable table, string videoId,
        CancellationToken cancellationToken)
        => db.Database.ExecuteSqlRawAsync(SearchTableShape.CopyVideo(from, to, table), [videoId], cancellationToken);

    /// <summary>Creates the HNSW indexes of a generation if it is large and has none.</summary>
    public static async Task IndexVectorsAsync(
        VideoDbContext db, string indexId, int generation, int rows, CancellationToken cancellationToken)
    {
        var tables = SearchTableNames.Of(indexId, generation);
        if (!tables.IsDedicated)
            return;
        foreach (var table in SearchTableStore.All)
            await SearchTableStore.ExecuteAsync(db, $"ANALYZE {tables[table]}", cancellationToken);
        if (await SearchTableStore.NeedVectorIndexesAsync(db, tables, rows, cancellationToken))
            await SearchTableStore.AddVectorIndexesAsync(db, tables, cancellationToken);
    }

    /// <summary>Switches searches to a generation, unless it lacks a finished video. The current generation becomes the
    /// previous one.</summary>
    /// <returns>False if videos are missing, because they were indexed after the caller's check.</returns>
    public static async Task<bool> TrySwitchAsync(
        VideoDbContext db, string indexId, int generation, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await SearchTableStore.LockExclusivelyAsync(db, indexId, cancellationToken);
        if ((await MissingVideosAsync(db, indexId, generation, cancellationToken)).Count > 0)
            return false;
        db.ChangeTracker.Clear();
        // A removed index has no row.
        if (await db.SearchTableSets.SingleOrDefaultAsync(row => row.IndexId == indexId, cancellationToken) is not { } set)
            return true;
        // The previous generation has the rows of all videos that are finished now.
        var before = set.Generation;
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO generation_videos (video_id, generation)
            SELECT id, {before} FROM videos WHERE index_id = {indexId} AND indexed_at IS NOT NULL ON CONFLICT DO NOTHING
            """, cancellationToken);
        var (profile, outdatedTranscripts) = set.NextGeneration == generation
            ? (set.NextProfile, set.NextHasOutdatedTranscripts)
            : (set.PreviousProfile, set.PreviousHasOutdatedTranscripts);
        if (set.NextGeneration == generation)
            (set.NextGeneration, set.NextProfile, set.NextHasOutdatedTranscripts) = (null, null, false);
        (set.PreviousGeneration, set.PreviousProfile, set.PreviousHasOutdatedTranscripts)
            = (set.Generation, set.Profile, set.HasOutdatedTranscripts);
        (set.Generation, set.Profile, set.HasOutdatedTranscripts) = (generation, profile, outdatedTranscripts);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        db.ChangeTracker.Clear();
        return true;
    }

    /// <summary>Deletes all generations of an index except the one that searches read.</summary>
    /// <returns>False if their tables are being read; calling again completes the deletion.</returns>
    public static async Task<bool> PruneAsync(VideoDbContext db, string indexId, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        try
        {
            await SearchTableStore.LockExclusivelyAsync(db, indexId, cancellationToken);
            await SearchTableStore.ExecuteAsync(db, $"SET LOCAL lock_timeout = '{SearchTableStore.DropLockTimeout}'", cancellationToken);
            var set = await ReadAsync(db, indexId, cancellationToken);
            foreach (var generation in new[] { set.PreviousGeneration, set.NextGeneration }.OfType<int>())
                await DropAsync(db, indexId, generation, cancellationToken);
            await db.SearchTableSets.Where(row => row.IndexId == indexId).ExecuteUpdateAsync(row => row
                .SetProperty(column => column.PreviousGeneration, (int?)null)
                .SetProperty(column => column.PreviousProfile, (string?)null)
                .SetProperty(column => column.NextGeneration, (int?)null)
                .SetProperty(column => column.NextProfile, (string?)null), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }

    private static async Task DropAsync(VideoDbContext db, string indexId, int generation, CancellationToken cancellationToken)
    {
        var tables = SearchTableNames.Of(indexId, generation);
        if (!tables.IsDedicated)
            await SearchTableStore.DeleteSharedAsync(db, indexId, cancellationToken);
        foreach (var table in tables.IsDedicated ? SearchTableStore.All : [])
            await SearchTableStore.ExecuteAsync(db, SearchTableShape.Drop(tables, table), cancellationToken);
        await db.GenerationVideos
            .Where(row => row.Generation == generation && db.Videos.Any(video => video.Id == row.VideoId && video.IndexId == indexId))
            .ExecuteDeleteAsync(cancellationToken);
    }
}

/// <summary>A finished video that is not yet in a generation.</summary>
/// <param name="Seconds">Duration.</param>
public sealed record MissingVideo(string Id, string Filename, double Seconds);

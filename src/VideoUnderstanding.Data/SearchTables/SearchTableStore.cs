using System.ComponentModel.DataAnnotations;
using System.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.SearchTables;

/// <summary>Finds the tables of an index, and creates and drops dedicated tables. docs/decisions/0013-search-tables.md.</summary>
public static class SearchTableStore
{
    /// <summary>First key of the advisory locks: the ASCII codes of "vust". The second is a hash of the index id.</summary>
    private const int LockClass = 0x76757374;

    /// <summary>Lock timeout for dropping tables that are being read, for example by a backup. The deletion is completed later.</summary>
    internal const string DropLockTimeout = "5s";

    internal static readonly SearchTable[] All = Enum.GetValues<SearchTable>();

    /// <summary>Returns the tables of an index. They can change unless the caller uses a snapshot (<see cref="InSnapshotAsync"/>) or a lock
    /// (<see cref="LockForWritingAsync"/>).</summary>
    public static async Task<SearchTableNames> ReadAsync(VideoDbContext db, string indexId, CancellationToken cancellationToken)
        => await FindAsync(db, indexId, cancellationToken) ?? SearchTableNames.Shared;

    /// <summary>Runs reads in one snapshot (REPEATABLE READ). Rows may be moved, models switched and indexes deleted meanwhile. If the
    /// tables of a generation are dropped before they are read, the reads are repeated with the present generation.</summary>
    /// <param name="whenRemoved">Creates the result if the index is removed before its tables are read.</param>
    public static async Task<T> InSnapshotAsync<T>(
        VideoDbContext db, string indexId, Func<SearchTableNames, Task<T>> read, Func<T> whenRemoved, CancellationToken cancellationToken)
    {
        SearchTableNames? tables = null;
        do
        {
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            try
            {
                // A statement of a search takes a few milliseconds; its compilation takes about 100 ms.
                await ExecuteAsync(db, "SET LOCAL jit = off", cancellationToken);
                return await read(tables = await ReadAsync(db, indexId, cancellationToken));
            }
            catch (PostgresException removed)
                when (removed.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
            {
                await transaction.RollbackAsync(cancellationToken);
            }
        }
        while (await FindAsync(db, indexId, cancellationToken) is { } now && now.Generation != tables?.Generation);
        return whenRemoved();
    }

    /// <returns>Null if the index has no row in the table of sets: it uses the shared tables, or it was removed.</returns>
    private static async Task<SearchTableNames?> FindAsync(VideoDbContext db, string indexId, CancellationToken cancellationToken)
        => (await db.Database.SqlQuery<CurrentTables>($"""
            SELECT generation AS "Generation", profile AS "Profile", to_regclass('index_' || index_id || '.frame_vectors_' || generation
                || '_embedding') IS NOT NULL AS "HasVectorIndexes"
            FROM search_table_sets WHERE index_id = {indexId}
            """).ToListAsync(cancellationToken)) is [var current]
            ? SearchTableNames.Of(indexId, current.Generation) with
            {
                Profile = current.Profile, HasVectorIndexes = current.HasVectorIndexes,
            }
            : null;

    /// <summary>Returns the tables of all generations of an index.</summary>
    internal static async Task<IReadOnlyList<SearchTableNames>> AllGenerationsAsync(
        VideoDbContext db, string indexId, CancellationToken cancellationToken)
        => await db.SearchTableSets.AsNoTracking().SingleOrDefaultAsync(set => set.IndexId == indexId, cancellationToken) is { } set
            ? [.. new[] { set.Generation, set.PreviousGeneration, set.NextGeneration }.OfType<int>().Distinct()
                .Select(generation => SearchTableNames.Of(indexId, generation))]
            : [SearchTableNames.Shared];

    /// <summary>Prevents the rows of an index from being moved until the caller's transaction ends. The lock is shared by all
    /// writers.</summary>
    public static async Task<SearchTableNames> LockForWritingAsync(VideoDbContext db, string indexId, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock_shared({LockClass}, hashtext({indexId}))", cancellationToken);
        return await ReadAsync(db, indexId, cancellationToken);
    }

    /// <summary>Deletes all rows of videos of an index, in all generations, in the caller's transaction.</summary>
    public static async Task DeleteVideosAsync(
        VideoDbContext db, string indexId, IReadOnlyCollection<string> videoIds, CancellationToken cancellationToken)
    {
        await LockForWritingAsync(db, indexId, cancellationToken);
        var ids = videoIds.ToArray();
        foreach (var tables in await AllGenerationsAsync(db, indexId, cancellationToken))
            foreach (var table in All)
                await db.Database.ExecuteSqlRawAsync(SearchTableShape.DeleteVideos(tables, table), [ids], cancellationToken);
    }

    /// <summary>Deletes all rows of an index: drops its dedicated tables, and deletes its few rows from the shared ones.</summary>
    /// <returns>False if the tables are being read; calling again completes the deletion.</returns>
    public static async Task<bool> RemoveIndexAsync(VideoDbContext db, string indexId, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        try
        {
            await LockExclusivelyAsync(db, indexId, cancellationToken);
            var generations = await AllGenerationsAsync(db, indexId, cancellationToken);
            await ExecuteAsync(db, $"SET LOCAL lock_timeout = '{DropLockTimeout}'", cancellationToken);
            await ExecuteAsync(db, $"DROP SCHEMA IF EXISTS {SearchTableNames.Schema(indexId)} CASCADE", cancellationToken);
            if (generations.Any(tables => !tables.IsDedicated))
                await DeleteSharedAsync(db, indexId, cancellationToken);
            await db.SearchTableSets.Where(set => set.IndexId == indexId).ExecuteDeleteAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }

    internal static async Task DeleteSharedAsync(VideoDbContext db, string indexId, CancellationToken cancellationToken)
    {
        foreach (var table in All)
            await db.Database.ExecuteSqlRawAsync(SearchTableShape.DeleteIndex(SearchTableNames.Shared, table), [indexId],
                cancellationToken);
    }

    /// <summary>Moves the rows of an index from the shared tables to dedicated ones and creates their indexes. Searches continue; writers
    /// of the index wait.</summary>
    /// <returns>False if the index already has dedicated tables or was deleted.</returns>
    public static async Task<bool> SeparateAsync(VideoDbContext db, string indexId, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await LockExclusivelyAsync(db, indexId, cancellationToken);
        if ((await ReadAsync(db, indexId, cancellationToken)).IsDedicated
            || !await db.Indexes.AnyAsync(index => index.Id == indexId && index.DeletedAt == null, cancellationToken))
            return false;
        await db.WithoutTimeoutAsync(async () =>
        {
            var dedicated = await AddGenerationAsync(db, indexId, set => set.Generation = set.LastGeneration, cancellationToken);
            foreach (var table in All)
            {
                await db.Database.ExecuteSqlRawAsync(SearchTableShape.Copy(dedicated, table), [indexId], cancellationToken);
                foreach (var statement in SearchTableShape.Indexes(dedicated, table))
                    await ExecuteAsync(db, statement, cancellationToken);
                await ExecuteAsync(db, $"ANALYZE {dedicated[table]}", cancellationToken);
            }
            await DeleteSharedAsync(db, indexId, cancellationToken);
        });
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Creates empty dedicated tables without indexes, in the caller's transaction.</summary>
    /// <param name="use">Records the use of the tables in the row of the index, whose
    /// <see cref="SearchTableSet.LastGeneration"/> is their number.</param>
    internal static async Task<SearchTableNames> AddGenerationAsync(
        VideoDbContext db, string indexId, Action<SearchTableSet> use, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        var set = await db.SearchTableSets.SingleOrDefaultAsync(row => row.IndexId == indexId, cancellationToken)
            ?? db.SearchTableSets.Add(new SearchTableSet { IndexId = indexId }).Entity;
        set.LastGeneration++;
        use(set);
        await db.SaveChangesAsync(cancellationToken);
        db.ChangeTracker.Clear();
        var dedicated = SearchTableNames.Dedicated(indexId, set.LastGeneration);
        await ExecuteAsync(db, $"CREATE SCHEMA IF NOT EXISTS {SearchTableNames.Schema(indexId)}", cancellationToken);
        foreach (var table in All)
            foreach (var statement in SearchTableShape.Create(dedicated, table))
                await ExecuteAsync(db, statement, cancellationToken);
        return dedicated;
    }

    /// <summary>Returns the ids of indexes with more than <paramref name="rows"/> frames or segments in the shared tables. Raw SQL with
    /// OFFSET stops counting at the limit.</summary>
    public static Task<List<string>> LargeSharedAsync(VideoDbContext db, int rows, CancellationToken cancellationToken)
        => db.Database.SqlQuery<string>($"""
            SELECT i.id AS "Value" FROM video_indexes i
            WHERE i.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM search_table_sets s WHERE s.index_id = i.id AND s.generation > 0)
              AND (EXISTS (SELECT 1 FROM frame_vectors f WHERE f.index_id = i.id OFFSET {rows})
                OR EXISTS (SELECT 1 FROM text_segments t WHERE t.index_id = i.id OFFSET {rows}))
            """).ToListAsync(cancellationToken);

    /// <summary>Returns true if dedicated tables have more than <paramref name="rows"/> frames or segments and no HNSW indexes.</summary>
    internal static async Task<bool> NeedVectorIndexesAsync(
        VideoDbContext db, SearchTableNames dedicated, int rows, CancellationToken cancellationToken)
        => await db.Database.SqlQueryRaw<bool>(SearchTableShape.NeedVectorIndexes(dedicated), rows).SingleAsync(cancellationToken);

    /// <summary>Creates the HNSW indexes of dedicated tables. Searches continue; writers of these tables wait.</summary>
    internal static async Task AddVectorIndexesAsync(VideoDbContext db, SearchTableNames dedicated, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.WithoutTimeoutAsync(async () =>
        {
            foreach (var statement in All.SelectMany(table => SearchTableShape.VectorIndexes(dedicated, table)))
                await ExecuteAsync(db, statement, cancellationToken);
        });
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Creates the HNSW indexes of an index that was switched to other models while it was small, and has grown.</summary>
    /// <returns>False if it needs none.</returns>
    public static async Task<bool> IndexVectorsAsync(VideoDbContext db, string indexId, int rows, CancellationToken cancellationToken)
    {
        var tables = await ReadAsync(db, indexId, cancellationToken);
        if (!tables.IsDedicated || !await NeedVectorIndexesAsync(db, tables, rows, cancellationToken))
            return false;
        await AddVectorIndexesAsync(db, tables, cancellationToken);
        return true;
    }

    /// <summary>Prevents the deletion of a video until the caller's transaction ends. Search rows have no foreign key, so the lock keeps
    /// the video until its rows are committed.</summary>
    /// <returns>False if there is no such video.</returns>
    public static async Task<bool> LockVideoAsync(VideoDbContext db, string videoId, CancellationToken cancellationToken)
        => (await db.Database.SqlQuery<string>($"SELECT id AS \"Value\" FROM videos WHERE id = {videoId} FOR KEY SHARE")
            .ToListAsync(cancellationToken)).Count > 0;

    /// <summary>Prevents writes to the rows of an index until the caller's transaction ends.</summary>
    internal static Task LockExclusivelyAsync(VideoDbContext db, string indexId, CancellationToken cancellationToken)
        => db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockClass}, hashtext({indexId}))", cancellationToken);

    // Executes SQL of constants and validated ids only.
    internal static Task ExecuteAsync(VideoDbContext db, string sql, CancellationToken cancellationToken)
        => db.Database.ExecuteSqlRawAsync(sql, cancellationToken);

    /// <summary>The row of an index that searches read.</summary>
    private sealed record CurrentTables(int Generation, string? Profile, bool HasVectorIndexes);
}

/// <summary>Determines when an index gets dedicated search tables. Section <c>VideoUnderstanding:SearchTables</c>.</summary>
public sealed class SearchTableOptions
{
    public const string Section = "VideoUnderstanding:SearchTables";

    /// <summary>Maximum frames or text segments of an index in the shared tables, where searches compare all rows.</summary>
    [Range(1_000, 1_000_000)]
    public int SharedRows { get; set; } = 20_000;
}

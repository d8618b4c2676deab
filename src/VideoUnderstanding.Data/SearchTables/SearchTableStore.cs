using System.ComponentModel.DataAnnotations;
using System.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace VideoUnderstanding.Data.SearchTables;

/// <summary>Finds the tables of an index, and creates and drops dedicated tables. docs/decisions/0013-search-tables.md.</summary>
public static class SearchTableStore
{
    /// <summary>First key of the advisory locks: the ASCII codes of "vust". The second is a hash of the index id.</summary>
    private const int LockClass = 0x76757374;

    /// <summary>Lock timeout for dropping tables that are being read, for example by a backup. The deletion is completed later.</summary>
    private const string DropLockTimeout = "5s";

    /// <summary>Generation of newly created tables.</summary>
    private const int FirstGeneration = 1;

    private static readonly SearchTable[] All = Enum.GetValues<SearchTable>();

    /// <summary>Returns the tables of an index. They can change unless the caller uses a snapshot (<see cref="InSnapshotAsync"/>) or a lock
    /// (<see cref="LockForWritingAsync"/>).</summary>
    public static async Task<SearchTableNames> ReadAsync(VideoDbContext db, string indexId, CancellationToken cancellationToken)
        => await db.SearchTableSets.Where(set => set.IndexId == indexId).Select(set => (int?)set.Generation)
            .SingleOrDefaultAsync(cancellationToken) is { } generation
            ? SearchTableNames.Dedicated(indexId, generation)
            : SearchTableNames.Shared;

    /// <summary>Runs reads in one snapshot (REPEATABLE READ). Rows may be moved and indexes deleted meanwhile.</summary>
    /// <param name="whenRemoved">Creates the result if the tables are dropped before they are read.</param>
    public static async Task<T> InSnapshotAsync<T>(
        VideoDbContext db, string indexId, Func<SearchTableNames, Task<T>> read, Func<T> whenRemoved, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        try
        {
            // The statements of a search take milliseconds, and compiling one takes a hundred.
            await ExecuteAsync(db, "SET LOCAL jit = off", cancellationToken);
            return await read(await ReadAsync(db, indexId, cancellationToken));
        }
        catch (PostgresException removed)
            when (removed.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return whenRemoved();
        }
    }

    /// <summary>Prevents that the rows of an index are moved until the caller's transaction ends. The lock is shared by all
    /// writers.</summary>
    public static async Task<SearchTableNames> LockForWritingAsync(VideoDbContext db, string indexId, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock_shared({LockClass}, hashtext({indexId}))", cancellationToken);
        return await ReadAsync(db, indexId, cancellationToken);
    }

    /// <summary>Deletes all rows of videos of an index, in the caller's transaction.</summary>
    public static async Task DeleteVideosAsync(
        VideoDbContext db, string indexId, IReadOnlyCollection<string> videoIds, CancellationToken cancellationToken)
    {
        var (tables, ids) = (await LockForWritingAsync(db, indexId, cancellationToken), videoIds.ToArray());
        foreach (var table in All)
            await db.Database.ExecuteSqlRawAsync(SearchTableShape.DeleteVideos(tables, table), [ids], cancellationToken);
    }

    /// <summary>Deletes all rows of an index: drops its dedicated tables, or deletes its few rows from the shared ones.</summary>
    /// <returns>False if the tables are being read; calling again completes the deletion.</returns>
    public static async Task<bool> RemoveIndexAsync(VideoDbContext db, string indexId, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        try
        {
            await LockExclusivelyAsync(db, indexId, cancellationToken);
            var tables = await ReadAsync(db, indexId, cancellationToken);
            if (tables.IsDedicated)
            {
                await ExecuteAsync(db, $"SET LOCAL lock_timeout = '{DropLockTimeout}'", cancellationToken);
                await ExecuteAsync(db, $"DROP SCHEMA {SearchTableNames.Schema(indexId)} CASCADE", cancellationToken);
                await db.SearchTableSets.Where(set => set.IndexId == indexId).ExecuteDeleteAsync(cancellationToken);
            }
            else
            {
                foreach (var table in All)
                    await db.Database.ExecuteSqlRawAsync(SearchTableShape.DeleteIndex(tables, table), [indexId], cancellationToken);
            }
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
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
        var dedicated = SearchTableNames.Dedicated(indexId, FirstGeneration);
        await db.WithoutTimeoutAsync(async () =>
        {
            await ExecuteAsync(db, $"CREATE SCHEMA {SearchTableNames.Schema(indexId)}", cancellationToken);
            foreach (var table in All)
            {
                foreach (var statement in SearchTableShape.Create(dedicated, table))
                    await ExecuteAsync(db, statement, cancellationToken);
                await db.Database.ExecuteSqlRawAsync(SearchTableShape.Copy(dedicated, table), [indexId], cancellationToken);
                await db.Database.ExecuteSqlRawAsync(SearchTableShape.DeleteIndex(SearchTableNames.Shared, table), [indexId],
                    cancellationToken);
                foreach (var statement in SearchTableShape.Indexes(dedicated, table))
                    await ExecuteAsync(db, statement, cancellationToken);
                await ExecuteAsync(db, $"ANALYZE {dedicated[table]}", cancellationToken);
            }
        });
        db.SearchTableSets.Add(new Entities.SearchTableSet { IndexId = indexId, Generation = FirstGeneration });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        db.ChangeTracker.Clear();
        return true;
    }

    /// <summary>Returns the ids of indexes with more than <paramref name="rows"/> frames or segments in the shared tables. Raw SQL with
    /// OFFSET stops counting at the limit.</summary>
    public static Task<List<string>> LargeSharedAsync(VideoDbContext db, int rows, CancellationToken cancellationToken)
        => db.Database.SqlQuery<string>($"""
            SELECT i.id AS "Value" FROM video_indexes i
            WHERE i.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM search_table_sets s WHERE s.index_id = i.id)
              AND (EXISTS (SELECT 1 FROM frame_vectors f WHERE f.index_id = i.id OFFSET {rows})
                OR EXISTS (SELECT 1 FROM text_segments t WHERE t.index_id = i.id OFFSET {rows}))
            """).ToListAsync(cancellationToken);

    /// <summary>Returns the tables of all indexes with dedicated tables.</summary>
    internal static async Task<List<SearchTableNames>> DedicatedAsync(VideoDbContext db, CancellationToken cancellationToken)
        => [.. (await db.SearchTableSets.AsNoTracking().OrderBy(set => set.IndexId).ToListAsync(cancellationToken))
            .Select(set => SearchTableNames.Dedicated(set.IndexId, set.Generation))];

    private static Task LockExclusivelyAsync(VideoDbContext db, string indexId, CancellationToken cancellationToken)
        => db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockClass}, hashtext({indexId}))", cancellationToken);

    // Executes SQL of constants and validated ids only.
    private static Task ExecuteAsync(VideoDbContext db, string sql, CancellationToken cancellationToken)
        => db.Database.ExecuteSqlRawAsync(sql, cancellationToken);
}

/// <summary>Determines when an index gets dedicated search tables. Section <c>VideoUnderstanding:SearchTables</c>.</summary>
public sealed class SearchTableOptions
{
    public const string Section = "VideoUnderstanding:SearchTables";

    /// <summary>Maximum frames or text segments of an index in the shared tables, where searches compare all rows.</summary>
    [Range(1_000, 1_000_000)]
    public int SharedRows { get; set; } = 20_000;
}

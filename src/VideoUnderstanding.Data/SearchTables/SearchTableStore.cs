using System.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace VideoUnderstanding.Data.SearchTables;

/// <summary>Says which tables hold the rows of an index, and creates and drops tables of its own.
/// docs/decisions/0013-search-tables.md.</summary>
public static class SearchTableStore
{
    /// <summary>First key of the advisory locks; the second is a hash of the index. ASCII codes of "vust".</summary>
    private const int LockClass = 0x76757374;

    /// <summary>How long a removal waits for tables that others read, such as a running backup. The rest is then done later.</summary>
    private const string DropPatience = "5s";

    /// <summary>Generation of tables that are made here.</summary>
    private const int FirstGeneration = 1;

    private static readonly SearchTable[] All = Enum.GetValues<SearchTable>();

    /// <summary>The tables of an index. They stay the right ones only in a snapshot (<see cref="InSnapshotAsync"/>) or while the index is
    /// locked (<see cref="LockForWritingAsync"/>).</summary>
    public static async Task<SearchTableNames> ReadAsync(VideoDbContext db, string indexId, CancellationToken cancellationToken)
        => await db.SearchTableSets.Where(set => set.IndexId == indexId).Select(set => (int?)set.Generation)
            .SingleOrDefaultAsync(cancellationToken) is { } generation
            ? SearchTableNames.Own(indexId, generation)
            : SearchTableNames.Shared;

    /// <summary>Runs reads that all see the database as it was at one moment. Rows may move to other tables and indexes may be removed
    /// meanwhile.</summary>
    /// <param name="whenRemoved">The result if the tables are dropped before they are read.</param>
    public static async Task<T> InSnapshotAsync<T>(
        VideoDbContext db, string indexId, Func<SearchTableNames, Task<T>> read, Func<T> whenRemoved, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        try
        {
            return await read(await ReadAsync(db, indexId, cancellationToken));
        }
        catch (PostgresException removed)
            when (removed.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return whenRemoved();
        }
    }

    /// <summary>Keeps the rows of an index in their tables until the caller's transaction ends. Any number of writers may hold
    /// it.</summary>
    public static async Task<SearchTableNames> LockForWritingAsync(VideoDbContext db, string indexId, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock_shared({LockClass}, hashtext({indexId}))", cancellationToken);
        return await ReadAsync(db, indexId, cancellationToken);
    }

    /// <summary>Deletes all rows of some videos of an index, in the caller's transaction.</summary>
    public static async Task DeleteVideosAsync(
        VideoDbContext db, string indexId, IReadOnlyCollection<string> videoIds, CancellationToken cancellationToken)
    {
        var (tables, ids) = (await LockForWritingAsync(db, indexId, cancellationToken), videoIds.ToArray());
        foreach (var table in All)
            await db.Database.ExecuteSqlRawAsync(SearchTableShape.DeleteVideos(tables, table), [ids], cancellationToken);
    }

    /// <summary>Removes all rows of an index: drops its own tables, or deletes from the shared ones, where an index has few.</summary>
    /// <returns>False if others still read the tables; calling again ends the removal.</returns>
    public static async Task<bool> RemoveIndexAsync(VideoDbContext db, string indexId, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        try
        {
            await LockAloneAsync(db, indexId, cancellationToken);
            var tables = await ReadAsync(db, indexId, cancellationToken);
            if (tables.IsOwn)
            {
                await ExecuteAsync(db, $"SET LOCAL lock_timeout = '{DropPatience}'", cancellationToken);
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

    /// <summary>Moves the rows of an index from the shared tables into tables of its own and makes their indexes. Searches go on meanwhile;
    /// writers of this index wait.</summary>
    /// <returns>False if the index has tables of its own or was deleted.</returns>
    public static async Task<bool> SeparateAsync(VideoDbContext db, string indexId, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await LockAloneAsync(db, indexId, cancellationToken);
        if ((await ReadAsync(db, indexId, cancellationToken)).IsOwn
            || !await db.Indexes.AnyAsync(index => index.Id == indexId && index.DeletedAt == null, cancellationToken))
            return false;
        var own = SearchTableNames.Own(indexId, FirstGeneration);
        await db.WithoutTimeoutAsync(async () =>
        {
            await ExecuteAsync(db, $"CREATE SCHEMA {SearchTableNames.Schema(indexId)}", cancellationToken);
            foreach (var table in All)
            {
                foreach (var statement in SearchTableShape.Create(own, table))
                    await ExecuteAsync(db, statement, cancellationToken);
                await db.Database.ExecuteSqlRawAsync(SearchTableShape.Copy(own, table), [indexId], cancellationToken);
                await db.Database.ExecuteSqlRawAsync(SearchTableShape.DeleteIndex(SearchTableNames.Shared, table), [indexId],
                    cancellationToken);
                foreach (var statement in SearchTableShape.Indexes(own, table))
                    await ExecuteAsync(db, statement, cancellationToken);
                await ExecuteAsync(db, $"ANALYZE {own[table]}", cancellationToken);
            }
        });
        db.SearchTableSets.Add(new Entities.SearchTableSet { IndexId = indexId, Generation = FirstGeneration });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        db.ChangeTracker.Clear();
        return true;
    }

    /// <summary>Indexes in the shared tables that have more than so many frames or segments. Written as SQL, because any row after so many
    /// is enough and no order is wanted.</summary>
    public static Task<List<string>> LargeSharedAsync(VideoDbContext db, int rows, CancellationToken cancellationToken)
        => db.Database.SqlQuery<string>($"""
            SELECT i.id AS "Value" FROM video_indexes i
            WHERE i.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM search_table_sets s WHERE s.index_id = i.id)
              AND (EXISTS (SELECT 1 FROM frame_vectors f WHERE f.index_id = i.id OFFSET {rows})
                OR EXISTS (SELECT 1 FROM text_segments t WHERE t.index_id = i.id OFFSET {rows}))
            """).ToListAsync(cancellationToken);

    /// <summary>The tables of all indexes that have their own.</summary>
    internal static async Task<List<SearchTableNames>> OwnAsync(VideoDbContext db, CancellationToken cancellationToken)
        => [.. (await db.SearchTableSets.AsNoTracking().OrderBy(set => set.IndexId).ToListAsync(cancellationToken))
            .Select(set => SearchTableNames.Own(set.IndexId, set.Generation))];

    private static Task LockAloneAsync(VideoDbContext db, string indexId, CancellationToken cancellationToken)
        => db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockClass}, hashtext({indexId}))", cancellationToken);

    // Names of checked identifiers and constants only.
    private static Task ExecuteAsync(VideoDbContext db, string sql, CancellationToken cancellationToken)
        => db.Database.ExecuteSqlRawAsync(sql, cancellationToken);
}

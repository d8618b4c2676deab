using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Backups;

/// <summary>An exported snapshot of the database, held open so that <c>pg_dump</c> sees the rows that were read here.</summary>
public sealed class BackupSnapshot : IAsyncDisposable
{
    private readonly IDbContextTransaction _transaction;

    private BackupSnapshot(IDbContextTransaction transaction, string name, DatabaseFacts facts, IReadOnlyList<BackupVideo> videos)
        => (_transaction, Name, Facts, Videos) = (transaction, name, facts, videos);

    /// <summary>Argument for <c>pg_dump --snapshot</c>; valid until this is disposed.</summary>
    public string Name { get; }

    public DatabaseFacts Facts { get; }

    /// <summary>All videos, oldest first.</summary>
    public IReadOnlyList<BackupVideo> Videos { get; }

    /// <param name="db">Must not be used otherwise until this is disposed.</param>
    public static async Task<BackupSnapshot> TakeAsync(VideoDbContext db, CancellationToken cancellationToken)
    {
        var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        try
        {
            var name = await ScalarAsync<string>(db, "SELECT pg_export_snapshot() AS \"Value\"", cancellationToken);
            var facts = new DatabaseFacts(
                await ScalarAsync<string>(db, "SELECT current_setting('server_version') AS \"Value\"", cancellationToken),
                await ScalarAsync<int>(db, "SELECT current_setting('server_version_num')::int / 10000 AS \"Value\"", cancellationToken),
                await ScalarAsync<string>(db, "SELECT extversion AS \"Value\" FROM pg_extension WHERE extname = 'vector'",
                    cancellationToken),
                (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Last(),
                await ScalarAsync<long>(db, "SELECT pg_database_size(current_database()) AS \"Value\"", cancellationToken));
            var failed = db.Tasks.Where(task => task.State == TaskState.Failed).Select(task => task.VideoId);
            var provided = db.Tasks.Where(task => task.ProvidesTranscription && task.TranscriptionUrl == null).Select(task => task.VideoId);
            var videos = await db.Videos.AsNoTracking().OrderBy(video => video.Id)
                .Select(
                    video
                        => new BackupVideo(video.Id, video.Sha256 != null && !failed.Contains(video.Id),
                            provided.Contains(video.Id) && !failed.Contains(video.Id)))
                .ToListAsync(cancellationToken);
            return new BackupSnapshot(transaction, name, facts, videos);
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns the number of tables, views and sequences outside PostgreSQL and its extensions. A backup is restored only into a
    /// database without any.</summary>
    public static Task<long> CountTablesAsync(VideoDbContext db, CancellationToken cancellationToken) => ScalarAsync<long>(db, """
        SELECT count(*) AS "Value" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
            AND n.nspname NOT LIKE 'pg_toast%' AND n.nspname NOT LIKE 'pg_temp%'
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        """, cancellationToken);

    /// <summary>Returns the major version of PostgreSQL.</summary>
    public static Task<int> MajorAsync(VideoDbContext db, CancellationToken cancellationToken)
        => ScalarAsync<int>(db, "SELECT current_setting('server_version_num')::int / 10000 AS \"Value\"", cancellationToken);

    public ValueTask DisposeAsync() => _transaction.DisposeAsync();

    // Executes constant SQL only.
    private static Task<T> ScalarAsync<T>(VideoDbContext db, string sql, CancellationToken cancellationToken)
        => db.Database.SqlQueryRaw<T>(sql).SingleAsync(cancellationToken);
}

/// <param name="Postgres">Version of PostgreSQL.</param>
/// <param name="Vector">Version of pgvector.</param>
/// <param name="Migration">Id of the newest applied migration.</param>
/// <param name="Bytes">Size on disk in bytes, including indexes.</param>
public sealed record DatabaseFacts(string Postgres, int PostgresMajor, string Vector, string Migration, long Bytes);

/// <param name="HasFile">True if the video's file exists and belongs in the backup.</param>
/// <param name="HasTranscript">True if an uploaded transcript exists and belongs in the backup.</param>
public sealed record BackupVideo(string Id, bool HasFile, bool HasTranscript);

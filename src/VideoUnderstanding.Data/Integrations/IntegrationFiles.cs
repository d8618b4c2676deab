using System.Text;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Integrations;

/// <summary>Indexing states of a file of an integration.</summary>
public static class FileStates
{
    /// <summary>No task exists for it, or it has changed since.</summary>
    public const string New = "new";

    /// <summary>Its task is not finished.</summary>
    public const string Waiting = "waiting";

    public const string Indexed = "indexed";
    public const string Failed = "failed";

    /// <summary>It was indexed or failed, and its video or task was deleted since.</summary>
    public const string Removed = "removed";

    public static IReadOnlyList<string> All { get; } = [New, Waiting, Indexed, Failed, Removed];
}

/// <summary>A file of an integration with its indexing state.</summary>
/// <param name="State">One of <see cref="FileStates"/>.</param>
/// <param name="SentTaskId">Task that the integration created for it; null without one.</param>
/// <param name="TaskId">Task for it, created by the integration or by a transfer; null without one.</param>
/// <param name="Reason">Failure reason of the task; null if it did not fail.</param>
public sealed record FileWithState(string IntegrationId, string Address, long Size, DateTimeOffset ModifiedAt, DateTimeOffset ChangedAt,
    string State, string? SentTaskId, string? TaskId, string? Reason);

/// <summary>Number and total size in bytes of the files with a state.</summary>
public sealed record FileCount(string IntegrationId, string State, long Files, long Bytes);

/// <summary>Stores the file lists of integrations and compares them with the tasks.</summary>
public sealed class IntegrationFiles(VideoDbContext db, TimeProvider clock)
{
    /// <summary>Retention time of files that have disappeared.</summary>
    private static readonly TimeSpan RetentionTime = TimeSpan.FromDays(30);

    /// <summary>A primary key entry can have about 2700 bytes. Longer addresses are skipped.</summary>
    private const int MaxAddressBytes = 2400;

    /// <summary>Selects the files of the last listing with their tasks. A task of a user's transfer for the same address counts if it is
    /// newer than the file.</summary>
    private const string Files = """
        SELECT f.integration_id AS "IntegrationId", f.address AS "Address", f.size AS "Size", f.modified_at AS "ModifiedAt",
            f.changed_at AS "ChangedAt", f.task_id AS "SentTaskId", coalesce(own.id, other.id) AS "TaskId",
            coalesce(own.error_reason, other.error_reason) AS "Reason",
            CASE
                WHEN f.task_id IS NULL AND other.id IS NULL THEN 'new'
                WHEN coalesce(own.state, other.state) = 'failed' THEN 'failed'
                WHEN coalesce(own.state, other.state) IN ('validating', 'pending', 'indexing') THEN 'waiting'
                WHEN EXISTS (SELECT 1 FROM videos v WHERE v.id = coalesce(own.video_id, other.video_id)) THEN 'indexed'
                ELSE 'removed'
            END AS "State"
        FROM integrations i
        JOIN integration_files f ON f.integration_id = i.id AND f.listed_at = i.synchronised_at
        LEFT JOIN indexing_tasks own ON own.id = f.task_id
        LEFT JOIN LATERAL (
            SELECT t.id, t.state, t.video_id, t.error_reason FROM indexing_tasks t
            WHERE f.task_id IS NULL AND t.account_id = i.account_id AND t.video_url = f.address AND t.created_at >= f.modified_at
            ORDER BY t.created_at DESC LIMIT 1) other ON true
        """;

    public async Task<ILookup<string, FileCount>> CountAsync(IReadOnlyList<string> integrationIds, CancellationToken cancellationToken)
        => (await db.Database.SqlQueryRaw<FileCount>($$"""
            SELECT "IntegrationId", "State", count(*) AS "Files", sum("Size")::bigint AS "Bytes"
            FROM ({{Files}} WHERE i.id = ANY({0})) AS files GROUP BY "IntegrationId", "State"
            """, [integrationIds.ToArray()]).ToListAsync(cancellationToken)).ToLookup(count => count.IntegrationId);

    /// <summary>Returns files with one of the states, ordered by address.</summary>
    /// <param name="after">Only files after this address; empty for the first page.</param>
    /// <param name="changedBefore">Only files that did not change after this time.</param>
    public async Task<IReadOnlyList<FileWithState>> ListAsync(string integrationId, IReadOnlyList<string> states, string after,
        DateTimeOffset changedBefore, int limit, CancellationToken cancellationToken)
        => await db.Database.SqlQueryRaw<FileWithState>($$"""
            SELECT * FROM ({{Files}} WHERE i.id = {0} AND f.changed_at <= {3}) AS files
            WHERE "State" = ANY({1}) AND "Address" COLLATE "C" > {2} ORDER BY "Address" COLLATE "C" LIMIT {4}
            """, integrationId, states.ToArray(), after, changedBefore, limit).ToListAsync(cancellationToken);

    /// <summary>Stores a listing. A changed file becomes new again.</summary>
    /// <returns>False if the integration was deleted or changed since the listing.</returns>
    public async Task<bool> RecordAsync(Integration integration, FileListing listing, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (id, version) = (integration.Id, integration.UpdatedAt);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Locks the integration's row first, as all writers of its files do.
        var found = await db.Integrations.Where(row => row.Id == id && row.UpdatedAt == version).ExecuteUpdateAsync(row => row
            .SetProperty(column => column.SynchronisedAt, now)
            .SetProperty(column => column.IsTruncated, listing.IsTruncated), cancellationToken);
        if (found == 0)
            return false;
        var listed = listing.Files.Where(file => Encoding.UTF8.GetByteCount(file.Address) <= MaxAddressBytes).ToList();
        string[] addresses = [.. listed.Select(file => file.Address)];
        long[] sizes = [.. listed.Select(file => file.Size)];
        DateTimeOffset[] times = [.. listed.Select(file => file.ModifiedAt.ToUniversalTime())];
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO integration_files AS old (integration_id, address, size, modified_at, changed_at, listed_at)
            SELECT {id}, address, size, modified_at, {now}, {now}
                FROM unnest({addresses}, {sizes}, {times}) AS listed (address, size, modified_at)
            ON CONFLICT (integration_id, address) DO UPDATE SET listed_at = excluded.listed_at, size = excluded.size,
                modified_at = excluded.modified_at,
                changed_at = CASE WHEN old.size = excluded.size AND old.modified_at = excluded.modified_at THEN old.changed_at
                    ELSE excluded.changed_at END,
                task_id = CASE WHEN old.size = excluded.size AND old.modified_at = excluded.modified_at THEN old.task_id END
            """, cancellationToken);
        await db.IntegrationFiles.Where(file => file.IntegrationId == id && file.ListedAt < now - RetentionTime)
            .ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Assigns new tasks to files. Call within the transaction that creates the tasks.</summary>
    /// <param name="sent">Files as read, with their tasks.</param>
    /// <returns>False if another process has created a task for one of the files, a file has changed, or the integration was changed after
    /// it was read: its files may belong to another index.</returns>
    public async Task<bool> ClaimAsync(
        Integration integration, IReadOnlyList<(FileWithState File, string TaskId)> sent, CancellationToken cancellationToken)
    {
        var (id, version) = (integration.Id, integration.UpdatedAt);
        var found = await db.Database
            .SqlQuery<string>($"SELECT id AS \"Value\" FROM integrations WHERE id = {id} AND updated_at = {version} FOR NO KEY UPDATE")
            .ToListAsync(cancellationToken);
        if (found.Count == 0)
            return false;
        string[] addresses = [.. sent.Select(one => one.File.Address)];
        string?[] before = [.. sent.Select(one => one.File.SentTaskId)];
        string[] tasks = [.. sent.Select(one => one.TaskId)];
        DateTimeOffset[] times = [.. sent.Select(one => one.File.ModifiedAt.ToUniversalTime())];
        var claimed = await db.Database.ExecuteSqlAsync($"""
            UPDATE integration_files AS file SET task_id = sent.task
            FROM unnest({addresses}, {before}, {tasks}, {times}) AS sent (address, before, task, modified_at)
            WHERE file.integration_id = {id} AND file.address = sent.address AND file.modified_at = sent.modified_at
                AND file.task_id IS NOT DISTINCT FROM sent.before
            """, cancellationToken);
        return claimed == sent.Count;
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Indexing.Journal;

/// <summary>
/// The queue of tasks: the rows of open tasks without a running attempt. An attempt owns a task while the row has its token, and is alive
/// while a session holds the lock of the token. docs/decisions/0022-job-system.md.
/// </summary>
public sealed class TaskQueue(IServiceScopeFactory scopes, WorkerNode self)
{
    /// <summary>True for the locks of attempts in <c>pg_locks</c>. The view has the halves of a key.</summary>
    private const string LockOfTask = """
        locktype = 'advisory' AND objsubid = 1 AND granted
            AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND (classid::bigint << 32) | objid::bigint = {0} + task.attempt_token
        """;

    /// <summary>The first statement reads tokens before locks, because the lock of a token is taken before the token is written. The second
    /// one skips rows that another attempt owns meanwhile, and rows that a transaction of the dead attempt still holds.</summary>
    private const string ReturnDead = $"""
        WITH dead AS MATERIALIZED (
            SELECT id, attempt_token FROM indexing_tasks AS task
            WHERE {TaskConditions.Running} AND NOT EXISTS (SELECT FROM pg_locks WHERE {LockOfTask})),
        free AS MATERIALIZED (
            SELECT task.id FROM dead CROSS JOIN LATERAL (
                SELECT id FROM indexing_tasks WHERE id = dead.id AND attempt_token = dead.attempt_token FOR UPDATE SKIP LOCKED) AS task)
        UPDATE indexing_tasks SET attempt_token = NULL WHERE id = ANY (ARRAY(SELECT id FROM free))
        """;

    private const string ReturnDelayed = $"""
        WITH free AS MATERIALIZED (
            SELECT id FROM indexing_tasks WHERE retry_at <= now() AND attempt_token IS NULL AND {TaskConditions.Open}
            FOR UPDATE SKIP LOCKED)
        UPDATE indexing_tasks SET retry_at = NULL WHERE id = ANY (ARRAY(SELECT id FROM free))
        """;

    private const string Set = """
        UPDATE indexing_tasks AS task SET attempt_token = {0}, node = {1}, attempts = attempts + 1, started_at = clock_timestamp(),
            state = CASE state WHEN 'pending' THEN 'indexing' ELSE state END,
            updated_at = CASE state WHEN 'pending' THEN clock_timestamp() ELSE updated_at END
        FROM next WHERE task.id = next.id RETURNING task.id AS "Value"
        """;

    private const string ClaimOne = $$"""
        WITH next AS MATERIALIZED (
            SELECT id FROM indexing_tasks WHERE id = {2} AND {{TaskConditions.Waiting}} FOR UPDATE SKIP LOCKED)
        {{Set}}
        """;

    /// <summary>Reads one index entry per account that has waiting tasks, regardless of the number of tasks. A CPU node claims no task
    /// while a GPU node runs.</summary>
    internal const string ClaimNext = $$"""
        WITH RECURSIVE account AS (
            (SELECT account_id AS id, created_at FROM indexing_tasks WHERE {{TaskConditions.Waiting}}
                ORDER BY account_id, created_at LIMIT 1)
            UNION ALL
            SELECT following.* FROM account CROSS JOIN LATERAL (
                SELECT account_id, created_at FROM indexing_tasks WHERE {{TaskConditions.Waiting}} AND account_id > account.id
                ORDER BY account_id, created_at LIMIT 1) AS following),
        running AS (
            SELECT account_id, count(*) AS tasks FROM indexing_tasks WHERE {{TaskConditions.Running}} GROUP BY account_id),
        turn AS (
            SELECT account.id FROM account LEFT JOIN running ON running.account_id = account.id
            WHERE {2} = '{{Node.Gpu}}' OR NOT EXISTS (
                SELECT FROM nodes WHERE device = '{{Node.Gpu}}' AND workers > 0 AND {{Node.IsRunning}})
            ORDER BY coalesce(running.tasks, 0), account.created_at, account.id),
        next AS MATERIALIZED (
            SELECT task.id FROM turn CROSS JOIN LATERAL (
                SELECT id FROM indexing_tasks WHERE {{TaskConditions.Waiting}} AND account_id = turn.id
                ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) AS task
            LIMIT 1)
        {{Set}}
        """;

    private const string FreeSlots = $$"""
        SELECT device AS "Device", sum(greatest(0, workers - coalesce(busy.tasks, 0)))::int AS "Count" FROM nodes
        LEFT JOIN (SELECT node, count(*) AS tasks FROM indexing_tasks WHERE {{TaskConditions.Running}} GROUP BY node) AS busy
            ON busy.node = nodes.name
        WHERE workers > 0 AND {{Node.IsRunning}} AND name <> {0} GROUP BY device
        """;

    internal const string CountWaiting = $$"""
        SELECT count(*)::int AS "Value" FROM (SELECT FROM indexing_tasks WHERE {{TaskConditions.Waiting}} LIMIT {0}) AS task
        """;

    /// <summary>Returns tasks to the queue whose attempt is dead, or whose delay has passed.</summary>
    public Task ReturnAsync(CancellationToken cancellationToken) => InScopeAsync(async db =>
    {
        await db.Database.ExecuteSqlRawAsync(ReturnDead, [SessionLeases.FirstAttemptKey], cancellationToken);
        return await db.Database.ExecuteSqlRawAsync(ReturnDelayed, cancellationToken);
    });

    /// <summary>Claims the next task for an attempt: of the account with the fewest running tasks, the oldest one.</summary>
    /// <returns>The id of the task; null if none is due for this node.</returns>
    public Task<string?> ClaimNextAsync(AttemptLease attempt, CancellationToken cancellationToken)
        => ClaimAsync(ClaimNext, attempt, self.Device, cancellationToken);

    /// <summary>Claims a certain task for an attempt, regardless of other waiting tasks.</summary>
    /// <returns>False if it does not wait for an attempt.</returns>
    public async Task<bool> TryClaimAsync(AttemptLease attempt, string taskId, CancellationToken cancellationToken)
        => await ClaimAsync(ClaimOne, attempt, taskId, cancellationToken) is not null;

    /// <summary>Counts what can be started now: waiting tasks and free workers of the nodes that take them, which are GPU nodes if one
    /// runs.</summary>
    /// <param name="limit">Maximum of the count.</param>
    /// <param name="withoutSelf">True if this node takes no more tasks.</param>
    public Task<StartableTasks> CountStartableAsync(int limit, bool withoutSelf, CancellationToken cancellationToken)
        => InScopeAsync(async db =>
        {
            var slots = await db.Database.SqlQueryRaw<StartableTasks>(FreeSlots, withoutSelf ? self.Name : "")
                .ToListAsync(cancellationToken);
            var free = slots.Find(kind => kind.Device == Node.Gpu) ?? slots.FirstOrDefault() ?? new StartableTasks(Node.Cpu, 0);
            var count = await db.Database.SqlQueryRaw<int>(CountWaiting, Math.Min(free.Count, limit)).ToListAsync(cancellationToken);
            return free with { Count = count[0] };
        });

    private Task<string?> ClaimAsync(string statement, AttemptLease attempt, string argument, CancellationToken cancellationToken)
        => InScopeAsync(async db => (await db.Database.SqlQueryRaw<string>(statement, attempt.Token, self.Name, argument)
            .ToListAsync(cancellationToken)).FirstOrDefault());

    private async Task<T> InScopeAsync<T>(Func<VideoDbContext, Task<T>> work)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<VideoDbContext>());
    }
}

/// <summary>Tasks that can be started now.</summary>
/// <param name="Device">Kind of the nodes that take them: <c>cpu</c> or <c>gpu</c>.</param>
public sealed record StartableTasks(string Device, int Count);

/// <summary>This process as a worker.</summary>
/// <param name="Name">Unique in the installation.</param>
/// <param name="UsesGpu">Returns true if its models run on a GPU. The value can change while models are loaded.</param>
/// <param name="Workers">Videos that it indexes at once; 0 if it indexes none.</param>
public sealed record WorkerNode(string Name, Func<bool> UsesGpu, int Workers)
{
    /// <summary>What its models run on now: <c>cpu</c> or <c>gpu</c>.</summary>
    public string Device => UsesGpu() ? Node.Gpu : Node.Cpu;
}

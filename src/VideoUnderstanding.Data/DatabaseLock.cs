using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Accounts;

namespace VideoUnderstanding.Data;

/// <summary>Session-level advisory locks of PostgreSQL. They prevent servers of one database from migrating it, or deleting the same rows,
/// at the same time.</summary>
public static class DatabaseLock
{
    /// <summary>Lock key: the ASCII codes of "vudbset".</summary>
    private const long Number = 0x76756462736574;

    /// <summary>Lock key: the ASCII codes of "vuremov".</summary>
    private const long RemovalNumber = 0x767572656d6f76;

    /// <summary>Waits for the lock and runs the work.</summary>
    public static async Task<T> RunAsync<T>(VideoDbContext db, Func<Task<T>> work, CancellationToken cancellationToken)
        => (await InSessionAsync(db, Number,
            async () => { await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({Number})", cancellationToken); return true; }, work,
            cancellationToken))!;

    /// <returns>The result of the work; the default value if another session holds the lock.</returns>
    public static Task<T?> TryRunAsync<T>(VideoDbContext db, Func<Task<T>> work, CancellationToken cancellationToken) => InSessionAsync(
        db, RemovalNumber,
        () => db.Database.SqlQuery<bool>($"SELECT pg_try_advisory_lock({RemovalNumber}) AS \"Value\"").SingleAsync(cancellationToken), work,
        cancellationToken);

    /// <param name="take">Acquires the lock; returns false if another session holds it.</param>
    private static async Task<T?> InSessionAsync<T>(
        VideoDbContext db, long number, Func<Task<bool>> take, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        // The lock belongs to the session, so the connection must stay open.
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            if (!await take())
                return default;
            try
            {
                return await work();
            }
            finally
            {
                await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({number})", CancellationToken.None);
            }
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }
}

/// <summary>Serialises changes to limited resources of an account, such as webhooks.</summary>
public static class AccountLock
{
    /// <summary>Locks the account's row until the transaction ends. Inserts that reference the account do not wait.</summary>
    public static Task LockAccountAsync(this VideoDbContext db, string accountId, CancellationToken cancellationToken)
        => db.Database.ExecuteSqlAsync($"SELECT 1 FROM accounts WHERE id = {accountId} FOR NO KEY UPDATE", cancellationToken);
}

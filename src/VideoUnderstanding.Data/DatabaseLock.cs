using Microsoft.EntityFrameworkCore;

namespace VideoUnderstanding.Data;

/// <summary>Session-wide advisory locks of PostgreSQL: two servers on one database do not change its shape at once, and do not remove the
/// same rows side by side.</summary>
public static class DatabaseLock
{
    /// <summary>Any number that nobody else takes in this database: the ASCII codes of "vudbset".</summary>
    private const long Number = 0x76756462736574;

    /// <summary>Another one: "vuremov".</summary>
    private const long RemovalNumber = 0x767572656d6f76;

    /// <summary>Waits for its turn.</summary>
    public static async Task<T> RunAsync<T>(VideoDbContext db, Func<Task<T>> work, CancellationToken cancellationToken)
        => (await InSessionAsync(db, Number,
            async () => { await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({Number})", cancellationToken); return true; }, work,
            cancellationToken))!;

    /// <returns>What the work gives; the default where another session is doing it.</returns>
    public static Task<T?> IfFreeAsync<T>(VideoDbContext db, Func<Task<T>> work, CancellationToken cancellationToken) => InSessionAsync(
        db, RemovalNumber,
        () => db.Database.SqlQuery<bool>($"SELECT pg_try_advisory_lock({RemovalNumber}) AS \"Value\"").SingleAsync(cancellationToken), work,
        cancellationToken);

    /// <param name="take">Whether the lock was obtained.</param>
    private static async Task<T?> InSessionAsync<T>(
        VideoDbContext db, long number, Func<Task<bool>> take, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        // The lock lives as long as the session, so the connection must stay open in between.
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

using Microsoft.EntityFrameworkCore;

namespace VideoUnderstanding.Data;

/// <summary>Session-wide advisory locks of PostgreSQL, so that two servers on one database do not change its shape at once.</summary>
internal static class DatabaseLock
{
    /// <summary>Any number that nobody else takes in this database: the ASCII codes of "vudbset".</summary>
    private const long Number = 0x76756462736574;

    public static async Task<T> RunAsync<T>(VideoDbContext db, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        // The lock lives as long as the session, so the connection must stay open in between.
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({Number})", cancellationToken);
            try
            {
                return await work();
            }
            finally
            {
                await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({Number})", CancellationToken.None);
            }
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }
}

using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Accounts;

/// <summary>The only account of a server with one user.</summary>
public static class DefaultAccount
{
    public const string Name = "default";

    /// <summary>Returns the default account and creates it if missing; safe for servers that start concurrently.</summary>
    public static Task<Account> EnsureAsync(VideoDbContext db, TimeProvider clock, CancellationToken cancellationToken)
        => EnsureAsync(db, Name, clock, cancellationToken);

    /// <summary>Returns an account by name and creates it if missing.</summary>
    public static async Task<Account> EnsureAsync(VideoDbContext db, string name, TimeProvider clock, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
                INSERT INTO accounts (id, name, created_at) VALUES ({ObjectIds.New(clock)}, {name},
                    {clock.GetUtcNow()}) ON CONFLICT (name) DO NOTHING
                """,
            cancellationToken);
        return await db.Accounts.SingleAsync(account => account.Name == name, cancellationToken);
    }
}

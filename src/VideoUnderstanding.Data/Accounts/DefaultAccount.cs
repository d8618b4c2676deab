using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Accounts;

/// <summary>The account that everything belongs to on a server with one user.</summary>
public static class DefaultAccount
{
    public const string Name = "default";

    /// <summary>The account, made when it is missing; safe when two servers start at once.</summary>
    public static Task<Account> EnsureAsync(VideoDbContext db, TimeProvider clock, CancellationToken cancellationToken)
        => EnsureAsync(db, Name, clock, cancellationToken);

    /// <summary>An account by its name, for a server with several users.</summary>
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

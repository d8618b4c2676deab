using Microsoft.EntityFrameworkCore;

namespace VideoUnderstanding.Data.Accounts;

/// <summary>Lets what an account may have only so many of be counted and added by one at a time.</summary>
public static class AccountLock
{
    /// <summary>Waits until no other transaction holds the account, and holds it until the end of this one. Rows that only refer to the
    /// account do not wait.</summary>
    public static Task LockAccountAsync(this VideoDbContext db, string accountId, CancellationToken cancellationToken)
        => db.Database.ExecuteSqlAsync($"SELECT 1 FROM accounts WHERE id = {accountId} FOR NO KEY UPDATE", cancellationToken);
}

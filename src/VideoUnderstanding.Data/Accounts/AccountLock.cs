using Microsoft.EntityFrameworkCore;

namespace VideoUnderstanding.Data.Accounts;

/// <summary>Serialises changes to limited resources of an account, such as webhooks.</summary>
public static class AccountLock
{
    /// <summary>Locks the account's row until the transaction ends. Inserts that reference the account do not wait.</summary>
    public static Task LockAccountAsync(this VideoDbContext db, string accountId, CancellationToken cancellationToken)
        => db.Database.ExecuteSqlAsync($"SELECT 1 FROM accounts WHERE id = {accountId} FOR NO KEY UPDATE", cancellationToken);
}

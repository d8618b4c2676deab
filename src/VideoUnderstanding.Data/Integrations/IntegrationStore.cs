using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Integrations;

/// <summary>Adds, changes, lists and deletes the integrations of an account, and stores their state. Used by the server and the command
/// line.</summary>
public sealed class IntegrationStore(VideoDbContext db, IOptions<IntegrationOptions> options, TimeProvider clock)
{
    /// <summary>Maximum integrations per account.</summary>
    public int Limit => options.Value.MaxIntegrations;

    /// <returns>False if the account has reached the limit.</returns>
    /// <exception cref="DbUpdateException">The account already has this bucket with this prefix, or this folder:
    /// <see cref="UniqueNames.IsIntegrationTaken"/>.</exception>
    public async Task<bool> AddAsync(Integration integration, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockAccountAsync(integration.AccountId, cancellationToken);
        if (await db.Integrations.OwnedBy(integration.AccountId).CountAsync(cancellationToken) >= Limit)
            return false;
        db.Integrations.Add(integration);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Returns the integrations of an account, oldest first.</summary>
    public async Task<IReadOnlyList<Integration>> ListAsync(string accountId, CancellationToken cancellationToken)
        => await db.Integrations.AsNoTracking().OwnedBy(accountId).OrderBy(row => row.CreatedAt).ThenBy(row => row.Id)
            .ToListAsync(cancellationToken);

    /// <summary>Returns null if the account has no such integration.</summary>
    public Task<Integration?> FindAsync(string accountId, string id, CancellationToken cancellationToken)
        => db.Integrations.AsNoTracking().OwnedBy(accountId).SingleOrDefaultAsync(row => row.Id == id, cancellationToken);

    /// <summary>Finds an integration by its id, for jobs.</summary>
    public Task<Integration?> FindAsync(string id, CancellationToken cancellationToken)
        => db.Integrations.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);

    /// <summary>Stores changes by the user and resets the state.</summary>
    /// <returns>False if it was deleted meanwhile.</returns>
    /// <exception cref="DbUpdateException">As in <see cref="AddAsync"/>.</exception>
    public async Task<bool> ChangeAsync(Integration changed, CancellationToken cancellationToken)
    {
        changed.UpdatedAt = clock.GetUtcNow();
        (changed.State, changed.Reason, changed.CheckedAt, changed.SynchronisedAt) = (IntegrationState.Unverified, null, null, null);
        db.Integrations.Update(changed);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
        finally
        {
            db.Entry(changed).State = EntityState.Detached;
        }
    }

    /// <summary>Deletes an integration with its file list. Videos are kept.</summary>
    public Task RemoveAsync(Integration integration, CancellationToken cancellationToken)
        => db.Integrations.Where(row => row.Id == integration.Id).ExecuteDeleteAsync(cancellationToken);

    /// <summary>Returns true if the account has the index.</summary>
    public Task<bool> HasIndexAsync(string accountId, string? indexId, CancellationToken cancellationToken)
        => db.Indexes.OwnedBy(accountId).Live().AnyAsync(index => index.Id == indexId, cancellationToken);

    public Task RequestSyncAsync(string id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return db.Integrations.Where(row => row.Id == id)
            .ExecuteUpdateAsync(row => row.SetProperty(column => column.SyncRequestedAt, now), cancellationToken);
    }

    /// <summary>Returns the ids of integrations to scan in the background: watched folders, and those with a requested listing.</summary>
    public async Task<IReadOnlyList<string>> DueAsync(CancellationToken cancellationToken)
        => await db.Integrations.Where(row => row.Kind == IntegrationKind.Folder || row.SyncRequestedAt != null)
            .OrderBy(row => row.CheckedAt).Select(row => row.Id).ToListAsync(cancellationToken);

    /// <summary>Saves the result of a check, unless the integration was changed after it was read.</summary>
    /// <param name="reason">Error message; null if the check succeeded.</param>
    public Task RecordStateAsync(Integration looked, string? reason, CancellationToken cancellationToken)
    {
        var (now, state) = (clock.GetUtcNow(), reason is null ? IntegrationState.Active : IntegrationState.Failed);
        var kept = reason is { Length: > Integration.MaxReasonLength } ? reason[..Integration.MaxReasonLength] : reason;
        var (id, version) = (looked.Id, looked.UpdatedAt);
        return db.Integrations.Where(row => row.Id == id && row.UpdatedAt == version).ExecuteUpdateAsync(row => row
            .SetProperty(column => column.State, state)
            .SetProperty(column => column.Reason, kept)
            .SetProperty(column => column.CheckedAt, now), cancellationToken);
    }

    /// <summary>Clears a listing request after the scan, whether or not it succeeded.</summary>
    public Task ClearSyncRequestAsync(Integration requested, CancellationToken cancellationToken)
        => db.Integrations.Where(row => row.Id == requested.Id && row.SyncRequestedAt == requested.SyncRequestedAt)
            .ExecuteUpdateAsync(row => row.SetProperty(column => column.SyncRequestedAt, (DateTimeOffset?)null), cancellationToken);
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Integrations;

/// <summary>The integrations of an account: added, changed, removed, and what was found about them. Used by the server and by the command
/// line.</summary>
public sealed class IntegrationStore(VideoDbContext db, IOptions<IntegrationOptions> options, TimeProvider clock)
{
    /// <summary>How many integrations an account may have.</summary>
    public int Limit => options.Value.MaxIntegrations;

    /// <returns>False when the account has as many as it may have.</returns>
    /// <exception cref="DbUpdateException">The account has the bucket with this prefix, or the folder, already:
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

    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<Integration>> ListAsync(string accountId, CancellationToken cancellationToken)
        => await db.Integrations.AsNoTracking().OwnedBy(accountId).OrderBy(row => row.CreatedAt).ThenBy(row => row.Id)
            .ToListAsync(cancellationToken);

    /// <summary>Null when the account has no such integration.</summary>
    public Task<Integration?> FindAsync(string accountId, string id, CancellationToken cancellationToken)
        => db.Integrations.AsNoTracking().OwnedBy(accountId).SingleOrDefaultAsync(row => row.Id == id, cancellationToken);

    /// <summary>By its identifier alone, for jobs.</summary>
    public Task<Integration?> FindAsync(string id, CancellationToken cancellationToken)
        => db.Integrations.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);

    /// <summary>Writes what users may change. What was found before counts no more.</summary>
    /// <returns>False when it was removed meanwhile.</returns>
    /// <exception cref="DbUpdateException">As for <see cref="AddAsync"/>.</exception>
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

    /// <summary>Its list of files goes with it. Videos stay.</summary>
    public Task RemoveAsync(Integration integration, CancellationToken cancellationToken)
        => db.Integrations.Where(row => row.Id == integration.Id).ExecuteDeleteAsync(cancellationToken);

    /// <summary>Whether the account has such an index.</summary>
    public Task<bool> HasIndexAsync(string accountId, string? indexId, CancellationToken cancellationToken)
        => db.Indexes.OwnedBy(accountId).Live().AnyAsync(index => index.Id == indexId, cancellationToken);

    public Task RequestSyncAsync(string id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return db.Integrations.Where(row => row.Id == id)
            .ExecuteUpdateAsync(row => row.SetProperty(column => column.SyncRequestedAt, now), cancellationToken);
    }

    /// <summary>Those that are to be looked at in the background: watched folders, and what a user has asked for.</summary>
    public async Task<IReadOnlyList<string>> DueAsync(CancellationToken cancellationToken)
        => await db.Integrations.Where(row => row.Kind == IntegrationKind.Folder || row.SyncRequestedAt != null)
            .OrderBy(row => row.CheckedAt).Select(row => row.Id).ToListAsync(cancellationToken);

    /// <summary>Writes down what was found, unless the integration was changed since it was looked at.</summary>
    /// <param name="reason">A sentence; null if everything is as it should be.</param>
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

    /// <summary>Ends a request for a look: it has taken place, well or not.</summary>
    public Task EndRequestAsync(Integration asked, CancellationToken cancellationToken)
        => db.Integrations.Where(row => row.Id == asked.Id && row.SyncRequestedAt == asked.SyncRequestedAt)
            .ExecuteUpdateAsync(row => row.SetProperty(column => column.SyncRequestedAt, (DateTimeOffset?)null), cancellationToken);
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Webhooks;

/// <summary>The endpoints of an account: added, changed, removed, and told again. Used by the administration API and by the command
/// line.</summary>
public sealed class WebhookRegistry(VideoDbContext db, IOptions<WebhookOptions> options, TimeProvider clock)
{
    /// <summary>Tests of one endpoint within an hour: each leaves rows until events are tidied up.</summary>
    public const int MostTests = 60;

    /// <summary>How many endpoints an account may have.</summary>
    public int Limit => options.Value.MaxEndpoints;

    /// <param name="url">An address that <see cref="WebhookAddress"/> has nothing against.</param>
    /// <param name="events">What is told; null for everything.</param>
    /// <returns>The endpoint with its new secret; null when the account has as many as it may have.</returns>
    public async Task<WebhookEndpoint?> AddAsync(
        string accountId, string url, IReadOnlyList<string>? events, bool enabled, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockAccountAsync(accountId, cancellationToken);
        if (await db.WebhookEndpoints.OwnedBy(accountId).CountAsync(cancellationToken) >= Limit)
            return null;
        var now = clock.GetUtcNow();
        var endpoint = new WebhookEndpoint
        {
            Id = ObjectIds.New(clock),
            AccountId = accountId,
            Url = url.Trim(),
            Secret = WebhookSignature.NewSecret(),
            Events = [.. events ?? WebhookEventTypes.All],
            Enabled = enabled,
            CreatedAt = now,
            UpdatedAt = now,
        };
        db.WebhookEndpoints.Add(endpoint);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return endpoint;
    }

    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<WebhookEndpoint>> ListAsync(string accountId, CancellationToken cancellationToken)
        => await db.WebhookEndpoints.AsNoTracking().OwnedBy(accountId).OrderBy(endpoint => endpoint.CreatedAt)
            .ThenBy(endpoint => endpoint.Id).ToListAsync(cancellationToken);

    /// <summary>Null when the account has no such endpoint.</summary>
    public Task<WebhookEndpoint?> FindAsync(string accountId, string id, CancellationToken cancellationToken)
        => db.WebhookEndpoints.AsNoTracking().OwnedBy(accountId).SingleOrDefaultAsync(endpoint => endpoint.Id == id, cancellationToken);

    /// <summary>Changes what is not null and leaves the rest as it is now, whoever else changes it at the same time.</summary>
    /// <param name="url">As in <see cref="AddAsync"/>.</param>
    /// <returns>The endpoint as it is then; null when it was removed meanwhile.</returns>
    public Task<WebhookEndpoint?> ChangeAsync(
        WebhookEndpoint endpoint, string? url, IReadOnlyList<string>? events, bool? enabled, CancellationToken cancellationToken)
        => UpdateAsync(endpoint, row =>
        {
            if (url is not null)
                row.SetProperty(column => column.Url, url.Trim());
            if (events is not null)
                row.SetProperty(column => column.Events, events.ToArray());
            if (enabled is { } state)
                row.SetProperty(column => column.Enabled, state);
        }, cancellationToken);

    /// <summary>Gives the endpoint another secret. The old one stops at once: the next sending, retries included, is signed with the new
    /// one.</summary>
    /// <returns>The endpoint with its new secret; null when it was removed meanwhile.</returns>
    public Task<WebhookEndpoint?> RotateAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        var secret = WebhookSignature.NewSecret();
        return UpdateAsync(endpoint, row => row.SetProperty(column => column.Secret, secret), cancellationToken);
    }

    /// <summary>What was waiting for the endpoint and its log go with it.</summary>
    public Task RemoveAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken)
        => db.WebhookEndpoints.Where(row => row.Id == endpoint.Id).ExecuteDeleteAsync(cancellationToken);

    public Task<WebhookEvent?> FindEventAsync(string accountId, string id, CancellationToken cancellationToken)
        => db.WebhookEvents.AsNoTracking().OwnedBy(accountId).SingleOrDefaultAsync(happened => happened.Id == id, cancellationToken);

    /// <summary>The endpoints that an event is told to when nobody names one: enabled, and interested in its type.</summary>
    public async Task<IReadOnlyList<WebhookEndpoint>> InterestedAsync(WebhookEvent happened, CancellationToken cancellationToken)
        => [.. (await ListAsync(happened.AccountId, cancellationToken))
            .Where(endpoint => endpoint.Enabled && endpoint.Events.Contains(happened.Type))];

    /// <summary>Makes the event due again at an endpoint, with all its days before it, whether or not it was delivered.</summary>
    /// <returns>The delivery; null when the endpoint is gone or disabled.</returns>
    public async Task<string?> ReplayAsync(WebhookEvent happened, WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        // A test is not retried: its period of retries has ended when it is sent, so the log shows the result of one attempt.
        var since = happened.Type == WebhookEventTypes.Test ? now.AddHours(-options.Value.GiveUpHours) : now;
        var ids = await db.Database.SqlQuery<string>($"""
            INSERT INTO webhook_deliveries (id, event_id, endpoint_id, state, since, tries, next_try_at)
            SELECT {ObjectIds.New(clock)}, {happened.Id}, id, 'waiting', {since}, 0, {now} FROM webhook_endpoints
                WHERE id = {endpoint.Id} AND enabled FOR KEY SHARE
            ON CONFLICT (event_id, endpoint_id) DO UPDATE
                SET state = 'waiting', since = excluded.since, tries = 0, next_try_at = excluded.next_try_at, finished_at = NULL
            RETURNING id AS "Value"
            """).ToListAsync(cancellationToken);
        return ids.SingleOrDefault();
    }

    /// <summary>Makes an event that says only that notifications arrive, and makes it due at an endpoint.</summary>
    /// <returns>The event and its delivery; null when the endpoint is gone or disabled.</returns>
    public async Task<(string EventId, string DeliveryId)?> TestAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        var (id, now) = (TaskEvents.NewId(), clock.GetUtcNow());
        var test = new WebhookEvent
        {
            Id = id,
            AccountId = endpoint.AccountId,
            Type = WebhookEventTypes.Test,
            TaskId = endpoint.Id,
            Body = TaskEventBody.WriteTest(id, now, endpoint.Id),
            CreatedAt = now,
        };
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.WebhookEvents.Add(test);
        await db.SaveChangesAsync(cancellationToken);
        if (await ReplayAsync(test, endpoint, cancellationToken) is not { } deliveryId)
            return null;
        await transaction.CommitAsync(cancellationToken);
        return (id, deliveryId);
    }

    /// <summary>Tests of an endpoint within the last hour.</summary>
    public Task<int> CountTestsAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        var begin = clock.GetUtcNow().AddHours(-1);
        return db.WebhookEvents.OwnedBy(endpoint.AccountId).CountAsync(
            happened => happened.Type == WebhookEventTypes.Test && happened.TaskId == endpoint.Id && happened.CreatedAt > begin,
            cancellationToken);
    }

    /// <summary>The newest tries, newest first.</summary>
    /// <param name="endpointId">Only those at this endpoint, or null for all.</param>
    public async Task<IReadOnlyList<WebhookAttempt>> LogAsync(
        string accountId, string? endpointId, int limit, CancellationToken cancellationToken)
        => await Attempts(accountId).Where(attempt => endpointId == null || attempt.EndpointId == endpointId)
            .OrderByDescending(attempt => attempt.SentAt).ThenByDescending(attempt => attempt.Id).Take(limit)
            .ToListAsync(cancellationToken);

    private async Task<WebhookEndpoint?> UpdateAsync(
        WebhookEndpoint endpoint, Action<UpdateSettersBuilder<WebhookEndpoint>> change, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await db.WebhookEndpoints.Where(row => row.Id == endpoint.Id).ExecuteUpdateAsync(row =>
        {
            change(row);
            row.SetProperty(column => column.UpdatedAt, now);
        }, cancellationToken);
        return await FindAsync(endpoint.AccountId, endpoint.Id, cancellationToken);
    }

    public IQueryable<WebhookAttempt> Attempts(string accountId)
        => db.WebhookAttempts.AsNoTracking()
            .Where(attempt => db.WebhookEndpoints.Any(endpoint => endpoint.Id == attempt.EndpointId && endpoint.AccountId == accountId));
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Webhooks;

/// <summary>Adds, changes, tests and deletes the webhook endpoints of an account, and replays events. Used by the administration API and
/// the command line.</summary>
public sealed class WebhookRegistry(VideoDbContext db, IOptions<WebhookOptions> options, TimeProvider clock)
{
    /// <summary>Maximum tests per endpoint and hour, because each adds rows.</summary>
    public const int MaxTestsPerHour = 60;

    /// <summary>Maximum endpoints per account.</summary>
    public int Limit => options.Value.MaxEndpoints;

    /// <param name="url">A URL that <c>WebhookAddress</c> of the indexing project accepts.</param>
    /// <param name="events">Subscribed events; null for all.</param>
    /// <returns>The endpoint with its new secret; null if the account has reached the limit.</returns>
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

    /// <summary>Returns the endpoints of an account, oldest first.</summary>
    public async Task<IReadOnlyList<WebhookEndpoint>> ListAsync(string accountId, CancellationToken cancellationToken)
        => await db.WebhookEndpoints.AsNoTracking().OwnedBy(accountId).OrderBy(endpoint => endpoint.CreatedAt)
            .ThenBy(endpoint => endpoint.Id).ToListAsync(cancellationToken);

    /// <summary>Returns null if the account has no such endpoint.</summary>
    public Task<WebhookEndpoint?> FindAsync(string accountId, string id, CancellationToken cancellationToken)
        => db.WebhookEndpoints.AsNoTracking().OwnedBy(accountId).SingleOrDefaultAsync(endpoint => endpoint.Id == id, cancellationToken);

    /// <summary>Changes the values that are not null, without overwriting concurrent changes of other values.</summary>
    /// <param name="url">As in <see cref="AddAsync"/>.</param>
    /// <returns>The changed endpoint; null if it was deleted meanwhile.</returns>
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

    /// <summary>Replaces the secret. The old one is invalid at once: further deliveries, including retries, are signed with the new
    /// one.</summary>
    /// <returns>The endpoint with its new secret; null if it was deleted meanwhile.</returns>
    public Task<WebhookEndpoint?> RotateAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        var secret = WebhookSignature.NewSecret();
        return UpdateAsync(endpoint, row => row.SetProperty(column => column.Secret, secret), cancellationToken);
    }

    /// <summary>Deletes an endpoint with its deliveries and log.</summary>
    public Task RemoveAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken)
        => db.WebhookEndpoints.Where(row => row.Id == endpoint.Id).ExecuteDeleteAsync(cancellationToken);

    public Task<WebhookEvent?> FindEventAsync(string accountId, string id, CancellationToken cancellationToken)
        => db.WebhookEvents.AsNoTracking().OwnedBy(accountId)
            .SingleOrDefaultAsync(webhookEvent => webhookEvent.Id == id, cancellationToken);

    /// <summary>Returns the enabled endpoints that subscribe to the type of an event.</summary>
    public async Task<IReadOnlyList<WebhookEndpoint>> SubscribersAsync(WebhookEvent webhookEvent, CancellationToken cancellationToken)
        => [.. (await ListAsync(webhookEvent.AccountId, cancellationToken))
            .Where(endpoint => endpoint.Enabled && endpoint.Events.Contains(webhookEvent.Type))];

    /// <summary>Schedules an event again for an endpoint, with a full retry period, whether or not it was delivered.</summary>
    /// <returns>Id of the delivery; null if the endpoint was deleted or disabled.</returns>
    public async Task<string?> ReplayAsync(WebhookEvent webhookEvent, WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        // A test is not retried: its retry period has already ended, so the log shows the result of one attempt.
        var start = webhookEvent.Type == WebhookEventTypes.Test ? now.AddHours(-options.Value.RetryHours) : now;
        var ids = await db.Database.SqlQuery<string>($"""
            INSERT INTO webhook_deliveries (id, event_id, endpoint_id, state, retry_period_started_at, attempts, next_attempt_at)
            SELECT {ObjectIds.New(clock)}, {webhookEvent.Id}, id, 'waiting', {start}, 0, {now} FROM webhook_endpoints
                WHERE id = {endpoint.Id} AND enabled FOR KEY SHARE
            ON CONFLICT (event_id, endpoint_id) DO UPDATE
                SET state = 'waiting', retry_period_started_at = excluded.retry_period_started_at, attempts = 0,
                    next_attempt_at = excluded.next_attempt_at, finished_at = NULL
            RETURNING id AS "Value"
            """).ToListAsync(cancellationToken);
        return ids.SingleOrDefault();
    }

    /// <summary>Creates a test event and schedules it for an endpoint.</summary>
    /// <returns>Ids of the event and its delivery; null if the endpoint was deleted or disabled.</returns>
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

    /// <summary>Returns the number of tests of an endpoint in the last hour.</summary>
    public Task<int> CountTestsAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        var begin = clock.GetUtcNow().AddHours(-1);
        return db.WebhookEvents.OwnedBy(endpoint.AccountId).CountAsync(
            webhookEvent => webhookEvent.Type == WebhookEventTypes.Test && webhookEvent.TaskId == endpoint.Id
                && webhookEvent.CreatedAt > begin,
            cancellationToken);
    }

    /// <summary>Returns the newest attempts, newest first.</summary>
    /// <param name="endpointId">Only attempts of this endpoint; null for all.</param>
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

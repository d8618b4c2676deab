using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Webhooks;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Webhooks;

/// <summary>Test notifications of a webhook. They are sent like all others, but only once.</summary>
public sealed class TestNotificationTests(DatabaseTemplate template) : IAsyncLifetime
{
    private WebhookBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await WebhookBench.StartAsync(template);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_test_notification_is_signed_logged_and_sent_to_its_webhook_only()
    {
        var (id, secret) = await _bench.AddAsync();
        await _bench.AddAsync($"{_bench.Receiver.Url}/other");
        var made = await TestAsync(id);
        await _bench.DeliverAsync();

        var received = Assert.Single(_bench.Receiver.Received);
        Assert.True(received.IsSignedWith(secret));
        Assert.Equal((made!.Value.EventId, "webhook.test", id), (received.Json.GetProperty("id").GetString(),
            received.Json.GetProperty("type").GetString(), received.Json.GetProperty("data").GetProperty("webhook_id").GetString()));
        var attempt = Assert.Single(await _bench.AttemptsAsync(id));
        Assert.Equal(made.Value.EventId, attempt.GetProperty("event_id").GetString());
        Assert.True(attempt.GetProperty("delivered").GetBoolean());
        Assert.Equal("webhook.test", Assert.Single(await _bench.EventsAsync()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_failed_test_notification_is_not_retried()
    {
        var (id, _) = await _bench.AddAsync();
        _bench.Receiver.AnswerWith(500);
        var made = await TestAsync(id);
        await _bench.DeliverAsync();
        Assert.Empty(_bench.Server.Jobs.Scheduled);
        var delivery = Assert.Single(Assert.Single(await _bench.EventsAsync()).GetProperty("deliveries").EnumerateArray());
        Assert.Equal(("failed", 1), (delivery.GetProperty("state").GetString(), delivery.GetProperty("attempts").GetInt32()));

        // A replay from the log is another attempt.
        using var replay = await _bench.Client.PostAsJsonAsync(
            $"/admin/webhooks/events/{made!.Value.EventId}/replay", new { webhook_id = id });
        _bench.Receiver.AnswerWith(204);
        await _bench.DeliverAsync();
        Assert.Equal([true, false], (await _bench.AttemptsAsync(id)).Select(attempt => attempt.GetProperty("delivered").GetBoolean()));
    }

    [Fact]
    public async Task A_disabled_webhook_gets_no_test_notification_and_no_event_is_stored()
    {
        var (id, _) = await _bench.AddAsync();
        await _bench.ChangeAsync(id, new { enabled = false });
        Assert.Null(await TestAsync(id));
        Assert.Empty(await _bench.EventsAsync());
    }

    private async Task<(string EventId, string DeliveryId)?> TestAsync(string id)
    {
        await using var scope = _bench.Server.Services.CreateAsyncScope();
        var registry = scope.ServiceProvider.GetRequiredService<WebhookRegistry>();
        var endpoint = await registry.FindAsync(_bench.Server.AccountId, id, CancellationToken.None);
        return await registry.TestAsync(endpoint!, CancellationToken.None);
    }
}

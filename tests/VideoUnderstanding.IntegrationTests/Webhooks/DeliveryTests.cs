using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Webhooks;

/// <summary>Delivery of events to endpoints, with retries and replays.</summary>
public sealed class DeliveryTests(DatabaseTemplate template) : IAsyncLifetime
{
    private WebhookBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await WebhookBench.StartAsync(template);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_failed_delivery_is_retried_after_growing_pauses_with_the_same_event_and_a_new_signature()
    {
        var (id, secret) = await _bench.AddAsync();
        await _bench.FinishTaskAsync();
        _bench.Receiver.AnswerWith(500);
        var pauses = new List<double>();
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await _bench.DeliverAsync();
            Assert.Empty(await _bench.DueAsync());
            var next = _bench.Server.Jobs.Scheduled.Last();
            pauses.Add((next - _bench.Server.Clock.GetUtcNow()).TotalSeconds);
            _bench.Server.Clock.SetUtcNow(next.AddMilliseconds(1));
        }
        _bench.Receiver.AnswerWith(204);
        await _bench.DeliverAsync();

        Assert.Equal([10, 20, 40, 80, 160], pauses.Select(pause => Math.Round(pause)));
        var received = _bench.Receiver.Received;
        Assert.Equal(6, received.Count);
        Assert.All(received, notification => Assert.True(notification.IsSignedWith(secret)));
        Assert.All(received, notification => Assert.Equal(received[0].Body, notification.Body));
        Assert.Equal(6, received.Select(notification => notification.SignedAt).Distinct().Count());
        var log = await _bench.AttemptsAsync(id);
        Assert.Equal([204, 500, 500, 500, 500, 500], log.Select(entry => entry.GetProperty("status").GetInt32()));
        Assert.Equal([true, false, false, false, false, false], log.Select(entry => entry.GetProperty("delivered").GetBoolean()));
        Assert.Equal(["_id", "event_id", "sent_at", "delivered", "status", "duration"], log[0].Names());
        Assert.Contains("500", log[1].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(("delivered", 6), await StateAsync());
        _bench.Server.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Empty(await _bench.DueAsync());
    }

    [Fact]
    public async Task A_delivery_fails_after_three_days_and_a_replay_starts_it_again()
    {
        await _bench.AddAsync();
        await _bench.FinishTaskAsync();
        var begin = _bench.Server.Clock.GetUtcNow();
        _bench.Receiver.AnswerWith(503);
        for (var attempts = 1; ; attempts++)
        {
            await _bench.DeliverAsync();
            if (_bench.Server.Jobs.Scheduled.Count < attempts)
                break;
            _bench.Server.Clock.SetUtcNow(_bench.Server.Jobs.Scheduled.Last().AddMilliseconds(1));
        }
        Assert.InRange((_bench.Server.Clock.GetUtcNow() - begin).TotalHours, 64, 72);
        Assert.Equal(("failed", 20), await StateAsync());
        Assert.Empty(await _bench.DueAsync());

        _bench.Receiver.AnswerWith(200);
        await ReplayAsync();
        await _bench.DeliverAsync();
        Assert.Equal(("delivered", 1), await StateAsync());
        Assert.Equal(21, _bench.Receiver.Received.Count);
    }

    [Fact]
    public async Task A_delivered_event_is_replayed_with_the_same_bytes()
    {
        var (id, secret) = await _bench.AddAsync();
        await _bench.FinishTaskAsync();
        await _bench.DeliverAsync();
        var replayed = await ReplayAsync();
        Assert.Equal([id], replayed);
        Assert.Single(_bench.Server.Jobs.Ids);
        _bench.Server.Clock.Advance(TimeSpan.FromMinutes(10));
        await _bench.DeliverAsync(_bench.Server.Jobs.Ids.Single());

        Assert.Equal(2, _bench.Receiver.Received.Count);
        Assert.Equal(_bench.Receiver.Received[0].Body, _bench.Receiver.Received[1].Body);
        Assert.True(_bench.Receiver.Received[1].IsSignedWith(secret));
        Assert.InRange(_bench.Receiver.Received[1].SignedAt - _bench.Receiver.Received[0].SignedAt, 600, 610);
        Assert.Equal(2, (await _bench.AttemptsAsync(id)).Length);
    }

    [Fact]
    public async Task A_replay_sends_an_event_to_an_endpoint_that_was_added_later()
    {
        await _bench.FinishTaskAsync();
        Assert.Empty(await ReplayAsync());
        var (id, _) = await _bench.AddAsync(events: ["index.task.failed"]);
        Assert.Empty(await ReplayAsync());
        Assert.Equal([id], await ReplayAsync(id));
        await _bench.DeliverAsync();
        Assert.Single(_bench.Receiver.Received);
    }

    [Fact]
    public async Task A_disabled_endpoint_receives_nothing_and_its_waiting_events_are_sent_when_it_is_enabled()
    {
        var (id, _) = await _bench.AddAsync();
        var waiting = await _bench.FinishTaskAsync();
        var delivery = Assert.Single(await _bench.DueAsync());
        await _bench.ChangeAsync(id, new { enabled = false });
        await _bench.FinishTaskAsync();
        Assert.Empty(await _bench.DueAsync());
        await _bench.DeliverAsync(delivery);
        Assert.Empty(_bench.Receiver.Received);
        var events = await _bench.EventsAsync();
        await _bench.Client.PostAsJsonAsync($"/admin/webhooks/events/{events[0].Id()}/replay", new { webhook_id = id })
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");

        await _bench.ChangeAsync(id, new { enabled = true });
        await _bench.DeliverAsync();
        Assert.Equal(waiting, Assert.Single(_bench.Receiver.Received).Json.GetProperty("data").GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_rotated_secret_is_used_from_the_next_request_including_retries()
    {
        var (id, old) = await _bench.AddAsync();
        await _bench.FinishTaskAsync();
        _bench.Receiver.AnswerWith(500);
        await _bench.DeliverAsync();
        var answer = await _bench.Client.PostAsync($"/admin/webhooks/{id}/rotate", null).JsonAsync();
        var secret = answer.GetProperty("secret").GetString()!;
        Assert.NotEqual(old, secret);
        Assert.Equal(secret, (await _bench.Client.GetAsync($"/admin/webhooks/{id}/secret").JsonAsync()).GetProperty("secret").GetString());
        _bench.Server.Clock.Advance(TimeSpan.FromMinutes(1));
        await _bench.DeliverAsync();

        Assert.Equal([true, false], _bench.Receiver.Received.Select(notification => notification.IsSignedWith(old)));
        Assert.Equal([false, true], _bench.Receiver.Received.Select(notification => notification.IsSignedWith(secret)));
    }

    [Fact]
    public async Task An_event_whose_job_was_never_queued_is_found_as_due()
    {
        await _bench.AddAsync();
        await _bench.FinishTaskAsync();
        Assert.Empty(_bench.Server.Jobs.Ids);
        Assert.Single(await _bench.DueAsync());
    }

    [Fact]
    public async Task A_delivery_of_a_dead_process_is_due_again_after_its_lease()
    {
        await _bench.AddAsync();
        await _bench.FinishTaskAsync();
        var (arrived, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        _bench.Receiver.Answer = async _ => { arrived.TrySetResult(); await goOn.Task; };
        var delivery = Assert.Single(await _bench.DueAsync());
        var first = _bench.DeliverAsync(delivery);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30));

        // Another job for the same delivery does nothing while the first one runs.
        Assert.Empty(await _bench.DueAsync());
        await _bench.DeliverAsync(delivery);
        Assert.Single(_bench.Receiver.Received);
        // The lease is longer than any attempt, so it expires only if the process has died.
        await using (var db = _bench.Server.Database.Open())
            Assert.InRange(
                (await db.WebhookDeliveries.Select(row => row.NextAttemptAt!.Value)
                    .SingleAsync() - _bench.Server.Clock.GetUtcNow()).TotalSeconds, 30, 41);
        goOn.SetResult();
        await first;
        Assert.Equal(("delivered", 1), await StateAsync());
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        var (id, _) = await _bench.AddAsync();
        await _bench.FinishTaskAsync();
        _bench.Receiver.Answer = context =>
        {
            context.Response.Redirect("/elsewhere", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };
        await _bench.DeliverAsync();

        Assert.Equal("/hook", Assert.Single(_bench.Receiver.Received).Path);
        var entry = Assert.Single(await _bench.AttemptsAsync(id));
        Assert.Equal((307, false), (entry.GetProperty("status").GetInt32(), entry.GetProperty("delivered").GetBoolean()));
        Assert.Contains("not followed", entry.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(("waiting", 1), await StateAsync());
    }

    [Fact]
    public async Task A_request_to_an_endpoint_ends_at_its_timeout()
    {
        var (id, _) = await _bench.AddAsync();
        await _bench.FinishTaskAsync();
        var arrived = new TaskCompletionSource();
        _bench.Receiver.Answer = async context => { arrived.TrySetResult(); await Task.Delay(Timeout.Infinite, context.RequestAborted); };
        var sending = _bench.DeliverAsync();
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30));
        _bench.Server.Clock.Advance(TimeSpan.FromSeconds(11));
        await sending.WaitAsync(TimeSpan.FromSeconds(30));

        var entry = Assert.Single(await _bench.AttemptsAsync(id));
        Assert.Contains("within 10 seconds", entry.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.False(entry.TryGetProperty("status", out _));
    }

    [Fact]
    public async Task An_endless_answer_is_not_read()
    {
        await _bench.AddAsync();
        await _bench.FinishTaskAsync();
        _bench.Receiver.Answer = async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.BodyWriter.WriteAsync(new byte[65536], context.RequestAborted);
        };
        await _bench.DeliverAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(("delivered", 1), await StateAsync());
    }

    [Fact]
    public async Task An_endpoint_that_is_removed_during_a_request_leaves_no_rows()
    {
        var (id, _) = await _bench.AddAsync();
        await _bench.FinishTaskAsync();
        _bench.Receiver.Answer = async _ => await _bench.Client.DeleteAsync($"/admin/webhooks/{id}").EmptyAsync(HttpStatusCode.NoContent);
        await _bench.DeliverAsync();

        await using var db = _bench.Server.Database.Open();
        Assert.Equal((0, 0), (await db.WebhookAttempts.CountAsync(), await db.WebhookDeliveries.CountAsync()));
        Assert.Empty(Assert.Single(await _bench.EventsAsync()).GetProperty("deliveries").EnumerateArray());
    }

    private async Task<string[]> ReplayAsync(string? webhookId = null)
    {
        var id = Assert.Single(await _bench.EventsAsync()).Id();
        var answer = await _bench.Client.PostAsJsonAsync($"/admin/webhooks/events/{id}/replay", new { webhook_id = webhookId })
            .JsonAsync(HttpStatusCode.Accepted);
        return [.. answer.GetProperty("webhook_ids").EnumerateArray().Select(webhook => webhook.GetString()!)];
    }

    private async Task<(string State, int Attempts)> StateAsync()
    {
        var delivery = Assert.Single(Assert.Single(await _bench.EventsAsync()).GetProperty("deliveries").EnumerateArray());
        return (delivery.GetProperty("state").GetString()!, delivery.GetProperty("attempts").GetInt32());
    }
}

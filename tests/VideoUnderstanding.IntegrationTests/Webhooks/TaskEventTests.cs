using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Server.Webhooks;

namespace VideoUnderstanding.IntegrationTests.Webhooks;

/// <summary>Webhook events of a task and their order.</summary>
public sealed class TaskEventTests(DatabaseTemplate template) : IAsyncLifetime
{
    private WebhookBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await WebhookBench.StartAsync(template);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task The_event_of_a_ready_task_has_the_members_of_the_contract_and_a_signature_of_the_raw_bytes()
    {
        var (_, secret) = await _bench.AddAsync();
        var taskId = await _bench.FinishTaskAsync();
        await _bench.DeliverAsync();

        var notification = Assert.Single(_bench.Receiver.Received);
        Assert.Equal(("/hook", "application/json"), (notification.Path, notification.ContentType));
        Assert.True(notification.IsSignedWith(secret));
        Assert.False(notification.IsSignedWith(secret + "x"));
        Assert.InRange(_bench.Server.Clock.GetUtcNow().ToUnixTimeSeconds() - notification.SignedAt, 0, 5);
        var json = notification.Json;
        Assert.Equal(["id", "created_at", "type", "data"], json.Names());
        Assert.Matches("^whe_[0-9a-f]{32}$", json.GetProperty("id").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", json.GetProperty("created_at").GetString());
        Assert.Equal("index.task.ready", json.GetProperty("type").GetString());
        Assert.Equal(
            $$"""{"id":"{{taskId}}","metadata":{"duration":60.5}"""
                + $$""","status":"ready","engine":"marengo2","index_options":["visual","conversation","text_in_video"],"tags":[]}""",
            json.GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task The_event_of_a_failed_task_omits_unknown_metadata()
    {
        await _bench.AddAsync();
        var run = await _bench.BeginAsync(duration: null);
        await _bench.Journal.FailAsync(run, "video_file_broken", "The video cannot be read.", CancellationToken.None);
        await _bench.DeliverAsync();

        var json = Assert.Single(_bench.Receiver.Received).Json;
        Assert.Equal("index.task.failed", json.GetProperty("type").GetString());
        Assert.Equal(
            $$"""{"id":"{{run.Task.Id}}","metadata":{}"""
                + $$""","status":"failed","engine":"marengo2","index_options":["visual","conversation","text_in_video"],"tags":[]}""",
            json.GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task Deleting_an_unfinished_video_writes_one_event_of_a_failed_task()
    {
        await _bench.AddAsync();
        var run = await _bench.BeginAsync();
        await _bench.Client.DeleteAsync($"/v1.1/indexes/{run.Index.Id}/videos/{run.VideoId}").EmptyAsync(HttpStatusCode.NoContent);
        await Assert.ThrowsAsync<ObsoleteAttemptException>(() => _bench.Journal.FinishAsync(run, CancellationToken.None));
        await _bench.Journal.DropAsync(run, CancellationToken.None);
        await _bench.DeliverAsync();

        var json = Assert.Single(_bench.Receiver.Received).Json;
        Assert.Equal(("index.task.failed", run.Task.Id),
            (json.GetProperty("type").GetString(), json.GetProperty("data").GetProperty("id").GetString()));
    }

    [Fact]
    public async Task An_attempt_whose_video_was_deleted_fails_the_task()
    {
        await _bench.AddAsync();
        var run = await _bench.BeginAsync();
        await using (var db = _bench.Server.Database.Open())
            await db.Videos.Where(video => video.Id == run.VideoId).ExecuteDeleteAsync();
        await _bench.Journal.DropAsync(run, CancellationToken.None);

        Assert.Equal("index.task.failed", Assert.Single(await _bench.EventsAsync()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task Deleting_a_finished_video_or_an_index_writes_no_event_and_keeps_waiting_ones()
    {
        await _bench.AddAsync();
        var run = await _bench.BeginAsync();
        await _bench.Journal.FinishAsync(run, CancellationToken.None);
        var other = await _bench.BeginAsync();
        await _bench.Client.DeleteAsync($"/v1.1/indexes/{run.Index.Id}/videos/{run.VideoId}").EmptyAsync(HttpStatusCode.NoContent);
        await _bench.Client.DeleteAsync($"/v1.1/tasks/{run.Task.Id}").EmptyAsync(HttpStatusCode.NoContent);
        await _bench.Client.DeleteAsync($"/v1.1/indexes/{other.Index.Id}").EmptyAsync(HttpStatusCode.NoContent);
        await _bench.DeliverAsync();

        Assert.Equal("index.task.ready", Assert.Single(_bench.Receiver.Received).Json.GetProperty("type").GetString());
        Assert.Single(await _bench.EventsAsync());
    }

    [Fact]
    public async Task An_obsolete_attempt_writes_no_event()
    {
        await _bench.AddAsync();
        var run = await _bench.BeginAsync();
        var overtaken = run with { Token = run.Token - 1 };
        await Assert.ThrowsAsync<ObsoleteAttemptException>(() => _bench.Journal.FinishAsync(overtaken, CancellationToken.None));

        Assert.Empty(await _bench.EventsAsync());
    }

    [Fact]
    public async Task A_task_whose_completion_is_rolled_back_writes_no_event()
    {
        await _bench.AddAsync();
        var run = await _bench.BeginAsync();
        await using (var db = _bench.Server.Database.Open())
            await db.Database.ExecuteSqlAsync($"ALTER TABLE webhook_deliveries ADD CONSTRAINT refused CHECK (attempts < 0)");
        await Assert.ThrowsAsync<DbUpdateException>(() => _bench.Journal.FinishAsync(run, CancellationToken.None));

        Assert.Empty(await _bench.EventsAsync());
        await using var after = _bench.Server.Database.Open();
        Assert.Equal(TaskState.Indexing, await after.Tasks.Where(task => task.Id == run.Task.Id).Select(task => task.State).SingleAsync());
    }

    [Fact]
    public async Task An_event_is_sent_only_to_its_subscribers()
    {
        var (ready, _) = await _bench.AddAsync($"{_bench.Receiver.Url}/ready", ["index.task.ready"]);
        await _bench.AddAsync($"{_bench.Receiver.Url}/failed", ["index.task.failed"]);
        await _bench.FinishTaskAsync();
        await _bench.DeliverAsync();

        Assert.Equal("/hook/ready", Assert.Single(_bench.Receiver.Received).Path);
        Assert.Equal(ready,
            Assert.Single(Assert.Single(await _bench.EventsAsync()).GetProperty("deliveries").EnumerateArray()).GetProperty("webhook_id")
                .GetString());
    }

    [Fact]
    public async Task Deliveries_of_a_finished_task_are_queued_immediately()
    {
        await _bench.AddAsync();
        await _bench.AddAsync($"{_bench.Receiver.Url}/second");
        var taskId = await _bench.FinishTaskAsync();
        await using var scope = _bench.Server.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<DueDeliveries>().EnqueueAsync(taskId, CancellationToken.None);

        Assert.Equal((await _bench.DueAsync()).Order(), _bench.Server.Jobs.Ids.Order());
        Assert.Equal(2, _bench.Server.Jobs.Ids.Count);
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Indexing;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Server.Jobs;

namespace VideoUnderstanding.IntegrationTests.Webhooks;

/// <summary>Events through the queue itself: Hangfire with its servers on a real database and a real clock.</summary>
public sealed class WebhookJobsTests(DatabaseTemplate template)
{
    [Fact]
    public async Task An_event_lost_in_a_crash_is_sent_at_the_next_start_a_new_one_at_once_and_a_refused_one_again()
    {
        await using var database = await template.CopyAsync();
        await using var bench = IndexingBench.Create(database, stages: [new ScriptedStage("probe", validates: true)]);
        await using var receiver = await WebhookReceiver.StartAsync();
        // Ended by a process that died before it queued anything.
        var lost = await bench.AddTaskAsync();
        await AddEndpointAsync(database, lost.AccountId, receiver.Url);
        await bench.RunAsync(lost.Id);
        Assert.Equal(TaskState.Ready, (await bench.ReadAsync(lost.Id)).State);

        using var server = JobHost.Build(database, bench, new ScriptedStage("a"),
            ("VideoUnderstanding:Fetching:AllowPrivateNetworks", "true"),
            ("VideoUnderstanding:Webhooks:AllowHttp", "true"), ("VideoUnderstanding:Webhooks:FirstRetryDelaySeconds", "1"));
        await server.StartAsync();
        var first = Assert.Single(await receiver.WaitAsync(1));
        Assert.Equal(lost.Id, first.Json.GetProperty("data").GetProperty("id").GetString());

        // Not before: the server runs whatever waits when it starts.
        var fresh = await bench.AddTaskAsync();
        await AddEndpointAsync(database, fresh.AccountId, receiver.Url);
        var refusals = 1;
        receiver.Answer = context =>
        {
            context.Response.StatusCode = Interlocked.Decrement(ref refusals) >= 0 ? 500 : 200;
            return Task.CompletedTask;
        };
        await server.Services.GetRequiredService<TaskStarter>().StartAsync(1, default);
        var all = await receiver.WaitAsync(3);
        Assert.Equal(fresh.Id, all[1].Json.GetProperty("data").GetProperty("id").GetString());
        Assert.Equal(all[1].Body, all[2].Body);
        Assert.All(all, told => Assert.True(told.IsSignedWith("whsec_test")));
        await server.StopAsync();
    }

    private static async Task AddEndpointAsync(TestDatabase database, string accountId, string url)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var db = database.Open();
        db.WebhookEndpoints.Add(new WebhookEndpoint
        {
            Id = ObjectIds.New(TimeProvider.System), AccountId = accountId, Url = url, Secret = "whsec_test",
            Events = [.. WebhookEventTypes.All], Enabled = true, CreatedAt = now, UpdatedAt = now,
        });
        await db.SaveChangesAsync();
    }
}

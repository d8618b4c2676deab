using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Indexing;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Server.Jobs;

namespace VideoUnderstanding.IntegrationTests.Webhooks;

/// <summary>Events in the real queue: Hangfire with a real database and a real clock.</summary>
public sealed class WebhookJobsTests(DatabaseTemplate template)
{
    [Fact]
    public async Task Events_are_sent_after_a_crash_immediately_when_new_and_again_when_refused()
    {
        await using var database = await template.CopyAsync();
        await using var bench = IndexingBench.Create(database, stages: [new ScriptedStage("probe", validates: true)]);
        await using var receiver = await WebhookReceiver.StartAsync();
        // Simulates a task that a process completed before it stopped without queuing the delivery.
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

        // Added after the start, because the server runs all waiting jobs when it starts.
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
        Assert.All(all, notification => Assert.True(notification.IsSignedWith("whsec_test")));
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

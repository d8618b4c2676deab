using Hangfire;
using Hangfire.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Server.Jobs;

namespace VideoUnderstanding.IntegrationTests.Indexing;

/// <summary>The queue itself: Hangfire with its servers on a real database.</summary>
public sealed class JobServicesTests(DatabaseTemplate template)
{
    [Fact]
    public async Task Queued_tasks_are_indexed_lost_ones_are_found_and_a_restart_continues()
    {
        await using var database = await template.CopyAsync();
        await using var bench = IndexingBench.Create(database, stages: [new ScriptedStage("probe", validates: true)]);
        var lost = await bench.AddTaskAsync(state: TaskState.Indexing);
        var queued = await bench.AddTaskAsync();
        var (started, first) = (new TaskCompletionSource(), JobHost.Build(database, bench, new ScriptedStage("a")));
        await first.StartAsync();
        await first.Services.GetRequiredService<TaskStarter>().StartAsync(1, default);
        await ReadyAsync(bench, lost, queued);

        // A server that is stopped in the middle puts its task back, and the next one takes it up.
        await first.StopAsync();
        first.Dispose();
        var slow = new ScriptedStage("a", async (_, token) => { started.TrySetResult(); await Task.Delay(Timeout.Infinite, token); });
        using (var second = JobHost.Build(database, bench, slow))
        {
            var interrupted = await bench.AddTaskAsync();
            await second.StartAsync();
            await second.Services.GetRequiredService<TaskStarter>().StartAsync(1, default);
            await started.Task.WaitAsync(TimeSpan.FromSeconds(60));
            await second.StopAsync();
            Assert.Equal((TaskState.Pending, 0),
                ((await bench.ReadAsync(interrupted.Id)).State, (await bench.ReadAsync(interrupted.Id)).Attempts));
            using var third = JobHost.Build(database, bench, new ScriptedStage("a"));
            await third.StartAsync();
            await ReadyAsync(bench, interrupted);
            await third.StopAsync();
        }
    }

    [Fact]
    public async Task A_host_works_on_after_another_host_of_the_same_process_is_disposed()
    {
        await using var database = await template.CopyAsync();
        await using var otherDatabase = await template.CopyAsync();
        await using var bench = IndexingBench.Create(database, stages: [new ScriptedStage("probe", validates: true)]);
        await using var otherBench = IndexingBench.Create(otherDatabase, stages: [new ScriptedStage("probe", validates: true)]);
        using var host = JobHost.Build(database, bench, new ScriptedStage("a"));
        await host.StartAsync();
        using (var other = JobHost.Build(otherDatabase, otherBench, new ScriptedStage("a")))
        {
            await other.StartAsync();
            await other.StopAsync();
        }

        var task = await bench.AddTaskAsync();
        await host.Services.GetRequiredService<TaskStarter>().StartAsync(1, default);
        await ReadyAsync(bench, task);
        await host.StopAsync();
    }

    [Fact]
    public async Task Answers_whose_pages_have_expired_are_looked_for_every_minute()
    {
        await using var database = await template.CopyAsync();
        await using var bench = IndexingBench.Create(database, stages: [new ScriptedStage("probe", validates: true)]);
        using var host = JobHost.Build(database, bench, new ScriptedStage("a"));
        await host.StartAsync();
        RecurringJobDto? job = null;
        for (var tries = 0; tries < 720 && job is null; tries++, await Task.Delay(250))
        {
            using var storage = host.Services.GetRequiredService<JobStorage>().GetConnection();
            job = storage.GetRecurringJobs().SingleOrDefault(one => one.Job?.Type == typeof(ForgetAnswersJob));
        }
        await host.StopAsync();

        Assert.Equal("* * * * *", job?.Cron);
    }

    private static async Task ReadyAsync(IndexingBench bench, params IndexingTask[] tasks)
    {
        var ids = tasks.Select(task => task.Id).ToList();
        for (var tries = 0; tries < 720; tries++)
        {
            if (await bench.QueryAsync(db => db.Tasks.CountAsync(task => ids.Contains(task.Id) && task.State == TaskState.Ready))
                == ids.Count)
                return;
            await Task.Delay(250);
        }
        Assert.Fail("The tasks did not become ready within three minutes.");
    }
}

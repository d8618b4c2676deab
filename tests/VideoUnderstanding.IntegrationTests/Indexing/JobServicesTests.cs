using Hangfire;
using Hangfire.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Server.Jobs;

namespace VideoUnderstanding.IntegrationTests.Indexing;

/// <summary>Background jobs: Hangfire with its servers on a real database.</summary>
public sealed class JobServicesTests(DatabaseTemplate template)
{
    [Fact]
    public async Task Queued_and_lost_tasks_are_indexed_and_a_restart_continues_a_task()
    {
        await using var database = await template.CopyAsync();
        await using var bench = IndexingBench.Create(database, stages: [new ScriptedStage("probe", validates: true)]);
        var lost = await bench.AddTaskAsync(state: TaskState.Indexing);
        var queued = await bench.AddTaskAsync();
        var (started, first) = (new TaskCompletionSource(), JobHost.Build(database, bench, new ScriptedStage("a")));
        await first.StartAsync();
        await first.Services.GetRequiredService<TaskStarter>().StartAsync(1, default);
        await ReadyAsync(bench, lost, queued);

        // A server that stops during a task returns it to the queue. The next server continues it.
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
    public async Task A_host_keeps_working_after_another_host_of_the_process_is_disposed()
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
    public async Task The_job_that_deletes_expired_results_runs_every_minute()
    {
        await using var database = await template.CopyAsync();
        await using var bench = IndexingBench.Create(database, stages: [new ScriptedStage("probe", validates: true)]);
        using var host = JobHost.Build(database, bench, new ScriptedStage("a"));
        await host.StartAsync();
        RecurringJobDto? job = null;
        for (var attempts = 0; attempts < 720 && job is null; attempts++, await Task.Delay(250))
        {
            using var storage = host.Services.GetRequiredService<JobStorage>().GetConnection();
            job = storage.GetRecurringJobs().SingleOrDefault(one => one.Job?.Type == typeof(ForgetAnswersJob));
        }
        await host.StopAsync();

        Assert.Equal("* * * * *", job?.Cron);
    }

    [Fact]
    public async Task A_cpu_node_indexes_only_after_the_gpu_node_has_stopped()
    {
        await using var database = await template.CopyAsync();
        await using var bench = IndexingBench.Create(database, stages: [new ScriptedStage("probe", validates: true)]);
        var (onCpu, onGpu) = (new ScriptedStage("a"), new ScriptedStage("a"));
        using var cpu = JobHost.Build(database, bench, onCpu, ("VideoUnderstanding:Server:Node", "first"));
        using var gpu = JobHost.Build(database, bench, onGpu, ("VideoUnderstanding:Server:Node", "second"),
            ("VideoUnderstanding:Models:Device", "cuda"));
        await cpu.StartAsync();
        await gpu.StartAsync();
        for (var attempts = 0; await bench.QueryAsync(db => db.Nodes.CountAsync()) < 2; attempts++, await Task.Delay(100))
            Assert.True(attempts < 600, "The nodes did not report.");

        var tasks = new List<IndexingTask>();
        for (var count = 0; count < 3; count++)
            tasks.Add(await bench.AddTaskAsync());
        await cpu.Services.GetRequiredService<TaskStarter>().StartAsync(int.MaxValue, default);
        await ReadyAsync(bench, [.. tasks]);
        Assert.Equal((0, 3), (onCpu.Runs, onGpu.Runs));

        await gpu.StopAsync();
        var last = await bench.AddTaskAsync();
        await cpu.Services.GetRequiredService<TaskStarter>().StartAsync(1, default);
        await ReadyAsync(bench, last);
        Assert.Equal((1, 3, "first"), (onCpu.Runs, onGpu.Runs, (await bench.ReadAsync(last.Id)).Node));
        await cpu.StopAsync();
    }

    private static async Task ReadyAsync(IndexingBench bench, params IndexingTask[] tasks)
    {
        var ids = tasks.Select(task => task.Id).ToList();
        for (var attempts = 0; attempts < 720; attempts++)
        {
            if (await bench.QueryAsync(db => db.Tasks.CountAsync(task => ids.Contains(task.Id) && task.State == TaskState.Ready))
                == ids.Count)
                return;
            await Task.Delay(250);
        }
        Assert.Fail("The tasks did not become ready within three minutes.");
    }
}

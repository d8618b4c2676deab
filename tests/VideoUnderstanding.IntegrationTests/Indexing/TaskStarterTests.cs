using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Server.Jobs;

namespace VideoUnderstanding.IntegrationTests.Indexing;

/// <summary>The number of queued jobs and their nodes.</summary>
public sealed class TaskStarterTests(DatabaseTemplate template) : IAsyncLifetime
{
    private readonly RecordingJobs _jobs = new();
    private TestDatabase _database = null!;
    private IndexingBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await template.CopyAsync();
        _bench = IndexingBench.Create(_database, stages: [new ScriptedStage("probe", validates: true)]);
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Jobs_are_queued_for_due_tasks_up_to_the_free_workers()
    {
        for (var count = 0; count < 5; count++)
            await _bench.AddTaskAsync();
        Assert.Empty(await StartAsync());
        await AddNodeAsync("one", Node.Cpu, workers: 2);
        await AddNodeAsync("two", Node.Cpu, workers: 1);
        await AddNodeAsync("front", Node.Cpu, workers: 0);

        Assert.Equal(["cpu", "cpu", "cpu"], await StartAsync());
        Assert.Equal(["cpu"], await StartAsync(limit: 1));

        await using var attempt = await ClaimAsync("two", Node.Cpu);
        Assert.Equal(["cpu", "cpu"], await StartAsync());
        await using var second = await ClaimAsync("one", Node.Cpu);
        await using var third = await ClaimAsync("one", Node.Cpu);
        Assert.Empty(await StartAsync());
    }

    [Fact]
    public async Task No_job_is_queued_without_a_due_task()
    {
        await AddNodeAsync("one", Node.Cpu, workers: 2);
        await _bench.AddTaskAsync(state: TaskState.Failed);
        var delayed = await _bench.AddTaskAsync();
        await _bench.QueryAsync(db => db.Database.ExecuteSqlAsync(
            $"UPDATE indexing_tasks SET retry_at = now() + interval '1 hour' WHERE id = {delayed.Id}"));
        Assert.Empty(await StartAsync());
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-30, true)]
    [InlineData(-90, false)]
    // The heartbeat is from a time before the clock of the database was set back by an hour.
    [InlineData(3600, false)]
    public async Task Cpu_nodes_leave_tasks_to_a_gpu_node_while_it_runs(int heartbeat, bool runs)
    {
        await _bench.AddTaskAsync();
        await AddNodeAsync("cpu", Node.Cpu, workers: 2);
        await AddNodeAsync("gpu", Node.Gpu, workers: 1, heartbeat);

        Assert.Equal(runs ? ["gpu"] : ["cpu"], await StartAsync());
        await using var refused = await ClaimAsync("cpu", Node.Cpu);
        Assert.Equal(runs, refused is null);
        await using var taken = await ClaimAsync("gpu", Node.Gpu);
        Assert.Equal(runs, taken is not null);
    }

    [Fact]
    public async Task A_gpu_node_without_workers_takes_nothing_from_cpu_nodes()
    {
        await _bench.AddTaskAsync();
        await AddNodeAsync("cpu", Node.Cpu, workers: 1);
        await AddNodeAsync("gpu", Node.Gpu, workers: 0);
        Assert.Equal(["cpu"], await StartAsync());
        await using var taken = await ClaimAsync("cpu", Node.Cpu);
        Assert.NotNull(taken);
    }

    /// <returns>The queues of the new jobs.</returns>
    private async Task<List<string>> StartAsync(int limit = int.MaxValue)
    {
        var before = _jobs.Indexing.Count;
        await new TaskStarter(_bench.Services.GetRequiredService<TaskQueue>(), _jobs,
            _bench.Services.GetRequiredService<IHostApplicationLifetime>(), NullLogger<TaskStarter>.Instance).StartAsync(limit, default);
        return [.. _jobs.Indexing.Skip(before)];
    }

    /// <returns>Null if the node gets no task.</returns>
    private async Task<AttemptLease?> ClaimAsync(string node, string device)
    {
        var queue = new TaskQueue(_bench.Services.GetRequiredService<IServiceScopeFactory>(), 
            new WorkerNode(node, () => device == Node.Gpu, 1));
        var attempt = await _bench.Services.GetRequiredService<SessionLeases>().BeginAttemptAsync(default);
        if (await queue.ClaimNextAsync(attempt, default) is not null)
            return attempt;
        await attempt.DisposeAsync();
        return null;
    }

    private Task<int> AddNodeAsync(string name, string device, int workers, int heartbeat = 0)
    {
        var age = string.Create(CultureInfo.InvariantCulture, $"{heartbeat} seconds");
        return _bench.QueryAsync(db => db.Database.ExecuteSqlAsync($"""
            INSERT INTO nodes (name, role, version, workers, device, started_at, heartbeat_at)
            VALUES ({name}, 'worker', '1', {workers}, {device}, now(), now() + {age}::interval)
            """));
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Indexing;

/// <summary>The end of an attempt: the time that it waits for a locked task row, and the retries while storage is not
/// available.</summary>
public sealed class RunEndingTests(DatabaseTemplate template) : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new();
    private TestDatabase _database = null!;
    private IndexingBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await template.CopyAsync();
        _bench = IndexingBench.Create(_database, stages: [new ScriptedStage("a")]);
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_failed_attempt_waits_minutes_for_a_locked_task_row()
    {
        var (task, ending) = await EndAsync(CancellationToken.None, async (hold, _) =>
        {
            _clock.Advance(TimeSpan.FromMinutes(2));
            await Task.Delay(200);
            await hold.RollbackAsync();
        });

        Assert.Equal((AttemptOutcome.Failed, false), await ending);
        var failed = await _bench.ReadAsync(task);
        Assert.Equal((TaskState.Failed, "video_file_broken", "The video cannot be read."),
            (failed.State, failed.ErrorCode, failed.ErrorReason));
    }

    [Fact]
    public async Task A_stopping_server_waits_at_most_five_more_seconds()
    {
        using var stop = new CancellationTokenSource();
        var (task, _) = await EndAsync(stop.Token, async (_, ended) =>
        {
            await stop.CancelAsync();
            _clock.Advance(TimeSpan.FromSeconds(6));
            // The row is still locked.
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ended.WaitAsync(TimeSpan.FromSeconds(60)));
        });

        Assert.Equal(TaskState.Indexing, (await _bench.ReadAsync(task)).State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_task_waits_until_the_bucket_answers_or_a_server_has_space_for_a_copy(bool isFull)
    {
        var isAway = true;
        Exception failure = isFull ? new LocalCacheFullException() : new HttpRequestException("Connection refused");
        var stage = new ScriptedStage("a", (_, _) => isAway ? Task.FromException(failure) : Task.CompletedTask);
        await using var bench = IndexingBench.Create(_database, stages: [new ScriptedStage("probe", validates: true), stage]);
        var task = await bench.AddTaskAsync();
        for (var attempts = 0; attempts < 5; attempts++)
            await bench.RunAsync(task.Id);
        Assert.Equal((TaskState.Pending, 5), ((await bench.ReadAsync(task.Id)).State, stage.Runs));
        isAway = false;
        await bench.RunAsync(task.Id);
        Assert.Equal(TaskState.Ready, (await bench.ReadAsync(task.Id)).State);
    }

    /// <summary>Ends an attempt with a failure while another session has locked the task's row.</summary>
    private async Task<(string Task, Task<(AttemptOutcome Outcome, bool MustRethrow)> Ending)> EndAsync(
        CancellationToken stopping, Func<IDbContextTransaction, Task, Task> meanwhile)
    {
        var task = await _bench.AddTaskAsync();
        await using var attempt = await _bench.Services.GetRequiredService<SessionLeases>().BeginAttemptAsync(default);
        Assert.True(await _bench.Services.GetRequiredService<TaskQueue>().TryClaimAsync(attempt, task.Id, default));
        var run = (await _bench.Services.GetRequiredService<RunStarter>().BeginAsync(task.Id, attempt.Token, default))!;
        var ending = new RunEnding(_bench.Services.GetRequiredService<TaskJournal>(),
            _bench.Services.GetRequiredService<IOptions<IndexingOptions>>(), _clock, NullLogger<RunEnding>.Instance);
        await using var other = _database.Open();
        await using var hold = await other.Database.BeginTransactionAsync();
        await other.Tasks.Where(row => row.Id == task.Id).ExecuteUpdateAsync(row => row.SetProperty(column => column.Percentage, 50));
        var ended = ending.EndAsync(run, new IndexingFailedException("video_file_broken", "The video cannot be read."), stopping);
        await _database.UntilWaitingAsync();
        await meanwhile(hold, ended);
        return (task.Id, ended);
    }
}

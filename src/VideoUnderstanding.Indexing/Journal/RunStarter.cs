using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Indexing.Stages;

namespace VideoUnderstanding.Indexing.Journal;

/// <summary>Starts attempts. An attempt is counted before it starts, so that one that crashes the process counts too.</summary>
public sealed partial class RunStarter(
    IServiceScopeFactory scopes, TaskJournal journal, IOptions<IndexingOptions> options, TimeProvider clock, ILogger<RunStarter> logger)
{
    /// <summary>The caller must hold the task's lease.</summary>
    /// <returns>Null if there is nothing to do: the task was deleted, has ended, exceeded its attempts, or waits for its next
    /// attempt.</returns>
    public async Task<IndexingRun?> BeginAsync(string taskId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
        var task = await db.Tasks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == taskId, cancellationToken);
        if (task is null or { State: TaskState.Ready or TaskState.Failed } || MustWait(task))
            return null;
        var index = await db.Indexes.AsNoTracking().SingleAsync(row => row.Id == task.IndexId, cancellationToken);
        UseProfile(task, (await SearchTableStore.ReadAsync(db, index.Id, cancellationToken)).Profile,
            scope.ServiceProvider.GetServices<IIndexingStage>());
        var run = new IndexingRun(task, index, Now());
        if (!await ClaimAsync(db, run, cancellationToken))
            return null;
        if (!await db.ExistingVideos().AnyAsync(video => video.Id == task.VideoId, cancellationToken))
        {
            await journal.DropAsync(run, cancellationToken);
            return null;
        }
        if (task.Attempts >= options.Value.MaxAttempts)
        {
            LogGivenUp(logger, taskId, task.Attempts);
            await journal.FailAsync(run, "internal_server_error",
                $"Indexing broke off {task.Attempts} times without getting further. The server was stopped each time, what the video needs "
                    + $"was away, or the video is damaged in a way that stops the server.", cancellationToken);
            return null;
        }
        task.State = StateAfterStart(task.State);
        return run;
    }

    /// <summary>Stages that used the models of another profile must be repeated.</summary>
    private static void UseProfile(IndexingTask task, string? profile, IEnumerable<IIndexingStage> stages)
    {
        if (task.Profile == profile)
            return;
        task.Profile = profile;
        task.FinishedStages = [.. task.FinishedStages.Except(stages.Where(stage => stage.UsesModels).Select(stage => stage.Name))];
    }

    /// <summary>Returns true while the retry delay of a failed attempt lasts. There is no delay after a crash of the process.</summary>
    public bool MustWait(IndexingTask task)
        => task is { Attempts: > 0, State: not TaskState.Indexing }
            && task.StartedAt <= task.UpdatedAt
            && clock.GetUtcNow() < task.UpdatedAt + options.Value.RetryDelay(task.Attempts);

    private async Task<bool> ClaimAsync(VideoDbContext db, IndexingRun run, CancellationToken cancellationToken)
    {
        var (task, state) = (run.Task, StateAfterStart(run.Task.State));
        var updatedAt = state == task.State ? task.UpdatedAt : run.StartedAt;
        return await db.Tasks.Where(row => row.Id == task.Id && row.State == task.State && row.Attempts == task.Attempts)
            .ExecuteUpdateAsync(row => row
                .SetProperty(column => column.State, state)
                .SetProperty(column => column.Attempts, task.Attempts + 1)
                .SetProperty(column => column.Profile, task.Profile)
                .SetProperty(column => column.FinishedStages, task.FinishedStages)
                .SetProperty(column => column.StartedAt, run.StartedAt)
                .SetProperty(column => column.UpdatedAt, updatedAt), cancellationToken) == 1;
    }

    private static TaskState StateAfterStart(TaskState state) => state == TaskState.Pending ? TaskState.Indexing : state;

    /// <summary>Returns the time in whole microseconds, the resolution of the database, because the start is later compared with the
    /// row.</summary>
    private DateTimeOffset Now()
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "Task {TaskId}: failed after {Attempts} interrupted attempts")]
    private static partial void LogGivenUp(ILogger logger, string taskId, int attempts);
}

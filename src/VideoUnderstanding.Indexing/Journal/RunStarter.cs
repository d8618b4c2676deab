using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Indexing.Stages;

namespace VideoUnderstanding.Indexing.Journal;

/// <summary>Prepares attempts whose task is claimed.</summary>
public sealed partial class RunStarter(
    IServiceScopeFactory scopes, TaskJournal journal, IOptions<IndexingOptions> options, ILogger<RunStarter> logger)
{
    /// <param name="token">Token of the attempt that has claimed the task.</param>
    /// <returns>Null if there is nothing to do: the task or its video was deleted, or the task exceeded its attempts.</returns>
    public async Task<IndexingRun?> BeginAsync(string taskId, long token, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
        var task = await db.Tasks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == taskId && row.AttemptToken == token,
            cancellationToken);
        if (task is null || await db.Indexes.AsNoTracking().SingleOrDefaultAsync(row => row.Id == task.IndexId, cancellationToken)
            is not { } index)
            return null;
        var profile = (await SearchTableStore.ReadAsync(db, index.Id, cancellationToken)).Profile;
        var run = new IndexingRun(task, index, token);
        if (task.Profile != profile)
            await UseProfileAsync(run, profile, scope.ServiceProvider.GetServices<IIndexingStage>(), cancellationToken);
        if (!await db.ExistingVideos().AnyAsync(video => video.Id == task.VideoId, cancellationToken))
        {
            await journal.DropAsync(run, cancellationToken);
            return null;
        }
        if (task.Attempts > options.Value.MaxAttempts)
        {
            var attempts = task.Attempts - 1;
            LogGivenUp(logger, taskId, attempts);
            await journal.FailAsync(run, "internal_server_error",
                $"Indexing broke off {attempts} times without getting further. The server was stopped each time, what the video needs "
                    + $"was away, or the video is damaged in a way that stops the server.", cancellationToken);
            return null;
        }
        return run;
    }

    /// <summary>Stages that used the models of another profile must be repeated.</summary>
    private async Task UseProfileAsync(
        IndexingRun run, string? profile, IEnumerable<IIndexingStage> stages, CancellationToken cancellationToken)
    {
        run.FinishedStages.ExceptWith(stages.Where(stage => stage.UsesModels).Select(stage => stage.Name));
        run.Task.Profile = profile;
        await journal.WriteProfileAsync(run, cancellationToken);
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "Task {TaskId}: failed after {Attempts} interrupted attempts")]
    private static partial void LogGivenUp(ILogger logger, string taskId, int attempts);
}

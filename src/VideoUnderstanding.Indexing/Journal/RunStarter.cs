using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Indexing.Stages;

namespace VideoUnderstanding.Indexing.Journal;

/// <summary>Claims tasks and prepares their attempts.</summary>
public sealed partial class RunStarter(SessionLeases leases, TaskQueue queue, IServiceScopeFactory scopes, TaskJournal journal,
    IOptions<IndexingOptions> options, ILogger<RunStarter> logger)
{
    /// <summary>Claims the next task.</summary>
    /// <returns>Null if none is due for this node.</returns>
    public Task<ClaimedTask?> StartNextAsync(CancellationToken cancellationToken)
        => StartAsync(attempt => queue.ClaimNextAsync(attempt, cancellationToken), cancellationToken);

    /// <summary>Claims a certain task.</summary>
    /// <returns>Null if it does not wait for an attempt.</returns>
    public Task<ClaimedTask?> StartAsync(string taskId, CancellationToken cancellationToken)
        => StartAsync(async attempt => await queue.TryClaimAsync(attempt, taskId, cancellationToken) ? taskId : null, cancellationToken);

    private async Task<ClaimedTask?> StartAsync(Func<AttemptLease, Task<string?>> claim, CancellationToken cancellationToken)
    {
        await queue.ReturnAsync(cancellationToken);
        var attempt = await leases.BeginAttemptAsync(cancellationToken);
        ClaimedTask? claimed = null;
        try
        {
            if (await claim(attempt) is { } taskId)
                claimed = new ClaimedTask(taskId, attempt, await BeginAsync(taskId, attempt.Token, cancellationToken));
        }
        finally
        {
            if (claimed is null)
                await attempt.DisposeAsync();
        }
        return claimed;
    }

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
                $"Indexing was interrupted {attempts} times without progress. The server was stopped each time, a required service "
                    + $"was not available, or the video is damaged in a way that stops the server.", cancellationToken);
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

/// <summary>A task that an attempt has claimed.</summary>
/// <param name="Attempt">Disposed with this object.</param>
/// <param name="Run">Null if there is nothing to do.</param>
public sealed record ClaimedTask(string TaskId, AttemptLease Attempt, IndexingRun? Run) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Attempt.DisposeAsync();
}

internal static class ExistingVideoQueries
{
    /// <summary>Returns the videos whose index is not deleted.</summary>
    public static IQueryable<Video> ExistingVideos(this VideoDbContext db)
        => db.Videos.Where(video => db.Indexes.Any(index => index.Id == video.IndexId && index.DeletedAt == null));
}

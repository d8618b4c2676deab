using Microsoft.Extensions.Logging;
using VideoUnderstanding.Indexing.Journal;

namespace VideoUnderstanding.Indexing.Progress;

/// <summary>Writes the progress of one attempt to the task's row, at most once per second and only if it changed.</summary>
public sealed partial class RunProgress : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly IndexingRun _run;
    private readonly TaskJournal _journal;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;
    private volatile ProgressEstimator? _estimator;
    private double _upload;

    public RunProgress(IndexingRun run, TaskJournal journal, TimeProvider clock, ILogger logger)
    {
        (_run, _journal, _clock, _logger, _upload) = (run, journal, clock, logger, run.Task.UploadPercentage / 100);
        _writing = WriteWhileRunningAsync();
    }

    /// <summary>Returns the progress reporter of a stage.</summary>
    public StageProgress Of(string stage)
        => new(fraction => _estimator?.Report(stage, fraction), fraction => Volatile.Write(ref _upload, fraction));

    /// <summary>Enables percentages and estimated times once the duration of the video and the stages are known.</summary>
    public void SetEstimator(ProgressEstimator estimator) => _estimator = estimator;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing;
        _stop.Dispose();
    }

    private async Task WriteWhileRunningAsync()
    {
        using var timer = new PeriodicTimer(Pause, _clock);
        var written = default(ProgressNow);
        var failing = false;
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                var now = Now();
                if (now == written)
                    continue;
                if (await TryWriteAsync(now, logFailure: !failing))
                    (written, failing) = (now, false);
                else
                    failing = true;
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // The attempt has ended; its result is written elsewhere.
        }
    }

    /// <param name="logFailure">True for the first of consecutive failures.</param>
    private async Task<bool> TryWriteAsync(ProgressNow now, bool logFailure)
    {
        try
        {
            await _journal.WriteProgressAsync(_run, now, _stop.Token);
            return true;
        }
        catch (Exception exception) when (!_stop.IsCancellationRequested)
        {
            // A failed progress update does not stop the work; the next stage detects a lost database.
            if (logFailure)
                LogProgressLost(_logger, exception, _run.Task.Id);
            return false;
        }
    }

    private ProgressNow Now()
    {
        var upload = Math.Round(100 * Volatile.Read(ref _upload), 1);
        if (_estimator is not { } estimator)
            return new ProgressNow(_run.Task.Percentage, upload, null);
        var end = _clock.GetUtcNow().AddSeconds(estimator.RemainingSeconds);
        return new ProgressNow(estimator.Percentage, upload,
            new DateTimeOffset(end.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero));
    }

    [LoggerMessage(EventId = 2101, Level = LogLevel.Warning,
        Message = "Task {TaskId}: progress could not be saved; the update will be retried")]
    private static partial void LogProgressLost(ILogger logger, Exception exception, string taskId);
}

/// <summary>Progress values of a task's row.</summary>
/// <param name="Percentage">Share of the indexing work, 0 to 100.</param>
/// <param name="UploadPercentage">Received share of the file, 0 to 100.</param>
/// <param name="EstimatedTime">Expected completion time; null if unknown.</param>
public readonly record struct ProgressNow(double Percentage, double UploadPercentage, DateTimeOffset? EstimatedTime);

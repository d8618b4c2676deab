using Microsoft.Extensions.Logging;
using VideoUnderstanding.Indexing.Journal;

namespace VideoUnderstanding.Indexing.Progress;

/// <summary>Writes the progress of one try into the task's row, at most once a second and only when it moved.</summary>
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
        Stage = new StageProgress(fraction => _estimator?.Report(fraction), fraction => Volatile.Write(ref _upload, fraction));
        _writing = WriteWhileRunningAsync();
    }

    /// <summary>What is given to the stages.</summary>
    public StageProgress Stage { get; }

    /// <summary>From here on percentages and times can be told: the length of the video and the stages are known.</summary>
    public void Follow(ProgressEstimator estimator) => _estimator = estimator;

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
                if (await TryWriteAsync(now, tell: !failing))
                    (written, failing) = (now, false);
                else
                    failing = true;
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // The run is over, and what became of it is told by itself.
        }
    }

    /// <param name="tell">Whether a failure is logged: of a row of them, only the first.</param>
    private async Task<bool> TryWriteAsync(ProgressNow now, bool tell)
    {
        try
        {
            await _journal.WriteProgressAsync(_run, now, _stop.Token);
            return true;
        }
        catch (Exception exception) when (!_stop.IsCancellationRequested)
        {
            // A number for people to look at is no reason to stop the work; a lost database shows itself at the next stage.
            if (tell)
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

    [LoggerMessage(EventId = 2101, Level = LogLevel.Warning, Message = "Task {TaskId}: progress can not be written for the moment")]
    private static partial void LogProgressLost(ILogger logger, Exception exception, string taskId);
}

/// <summary>Progress as the row holds it.</summary>
/// <param name="Percentage">Share of the indexing work, 0 to 100.</param>
/// <param name="UploadPercentage">Share of the file that has arrived, 0 to 100.</param>
/// <param name="EstimatedTime">When the task will be ready; null while unknown.</param>
public readonly record struct ProgressNow(double Percentage, double UploadPercentage, DateTimeOffset? EstimatedTime);

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Indexing.Stages;

namespace VideoUnderstanding.Indexing.Progress;

/// <summary>Begins the progress of attempts.</summary>
public sealed class ProgressWriters(TaskJournal journal, StageSpeeds speeds, IOptions<IndexingOptions> options, TimeProvider clock,
    ILogger<RunProgress> logger)
{
    public RunProgress Begin(IndexingRun run)
        => new(run, journal, speeds, TimeSpan.FromMinutes(options.Value.StallMinutes), clock, logger);
}

/// <summary>Writes the progress of one attempt to the task's row, at most once per second and only if it changed. Cancels the attempt if
/// nothing is reported for too long.</summary>
public sealed partial class RunProgress : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly IndexingRun _run;
    private readonly TaskJournal _journal;
    private readonly StageSpeeds _speeds;
    private readonly TimeSpan _stallLimit;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, bool> _stages = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _stalled = new();
    private readonly Task _writing;
    private volatile ProgressEstimator? _estimator;
    private double _upload;
    private long _reported;

    internal RunProgress(
        IndexingRun run, TaskJournal journal, StageSpeeds speeds, TimeSpan stallLimit, TimeProvider clock, ILogger<RunProgress> logger)
    {
        (_run, _journal, _speeds, _stallLimit, _clock, _logger) = (run, journal, speeds, stallLimit, clock, logger);
        (_upload, _reported) = (run.Task.UploadPercentage / 100, clock.GetTimestamp());
        _writing = WriteWhileRunningAsync();
    }

    /// <summary>Cancelled if nothing was reported for the stall limit.</summary>
    public CancellationToken Stalled => _stalled.Token;

    /// <summary>Enables percentages and estimated times once the duration of the video and the stages are known.</summary>
    /// <param name="needed">The stages that apply to the task, in order.</param>
    public void Estimate(IEnumerable<IIndexingStage> needed)
        => _estimator ??= new ProgressEstimator(needed.Where(stage => !stage.Validates), _run.FinishedStages, _run.Media.DurationSeconds,
            _speeds, _clock);

    /// <summary>Starts a stage and returns its progress reporter. Several stages can run at the same time.</summary>
    public StageProgress Begin(string stage)
    {
        Touch();
        _stages[stage] = true;
        _estimator?.Begin(stage);
        return new StageProgress(fraction =>
        {
            Touch();
            _estimator?.Report(stage, fraction);
        }, fraction =>
        {
            Touch();
            Volatile.Write(ref _upload, fraction);
        });
    }

    public void Finish(string stage)
    {
        Touch();
        _stages.TryRemove(stage, out _);
        _estimator?.Finish(stage);
    }

    /// <summary>The failure of an attempt that was cancelled because it stalled.</summary>
    public IndexingFailedException StallFailure(Exception cancelled) => new("internal_server_error",
        $"Indexing made no progress for {_stallLimit.TotalMinutes:0.#} minutes.", cancelled, retry: true);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing;
        _stop.Dispose();
        _stalled.Dispose();
    }

    private void Touch() => Volatile.Write(ref _reported, _clock.GetTimestamp());

    private async Task WriteWhileRunningAsync()
    {
        using var timer = new PeriodicTimer(Pause, _clock);
        var written = default(ProgressNow);
        var failing = false;
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await CancelIfStalledAsync();
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

    private async Task CancelIfStalledAsync()
    {
        if (_stalled.IsCancellationRequested || _clock.GetElapsedTime(Volatile.Read(ref _reported)) < _stallLimit)
            return;
        LogStalled(_logger, _run.Task.Id, _stallLimit.TotalMinutes, string.Join(", ", _stages.Keys.Order()));
        await _stalled.CancelAsync();
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

    [LoggerMessage(EventId = 2102, Level = LogLevel.Error,
        Message = "Task {TaskId}: cancelled because nothing was reported for {Minutes} minutes; running stages: {Stages}")]
    private static partial void LogStalled(ILogger logger, string taskId, double minutes, string stages);
}

/// <summary>Progress values of a task's row.</summary>
/// <param name="Percentage">Share of the indexing work, 0 to 100.</param>
/// <param name="UploadPercentage">Received share of the file, 0 to 100.</param>
/// <param name="EstimatedTime">Expected completion time; null if unknown.</param>
public readonly record struct ProgressNow(double Percentage, double UploadPercentage, DateTimeOffset? EstimatedTime);

/// <summary>Receives progress reports of a stage. Calls are cheap; the row is updated at most once per second.</summary>
public sealed class StageProgress(Action<double> report, Action<double> reportUpload)
{
    /// <summary>Ignores all reports.</summary>
    public static StageProgress None { get; } = new(_ => { }, _ => { });

    /// <param name="fraction">Completed share of this stage; clamped to 0 to 1.</param>
    public void Report(double fraction) => report(Clean(fraction));

    /// <param name="fraction">Received share of the file; clamped to 0 to 1.</param>
    public void ReportUpload(double fraction) => reportUpload(Clean(fraction));

    private static double Clean(double fraction) => double.IsNaN(fraction) ? 0 : Math.Clamp(fraction, 0, 1);
}

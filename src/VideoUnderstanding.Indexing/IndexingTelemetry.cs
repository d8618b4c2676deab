using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace VideoUnderstanding.Indexing;

/// <summary>Traces and metrics of indexing. An attempt at a task is one activity; its stages are activities below it.
/// docs/observability.md.</summary>
public static class IndexingTelemetry
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "VideoUnderstanding.Indexing";

    internal static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> StageDuration = Meter.CreateHistogram("vu.indexing.stage.duration", "s",
        "Duration of a finished stage of indexing.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14400] });

    private static readonly Counter<double> StageVideo = Meter.CreateCounter<double>(
        "vu.indexing.stage.video", "s", "Length of the videos whose stage has finished.");

    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>(
        "vu.indexing.attempts", "{attempt}", "Attempts at a task that have ended, by outcome.");

    /// <param name="seconds">Duration of the stage.</param>
    /// <param name="videoSeconds">Duration of the video; 0 while unknown.</param>
    internal static void StageFinished(string stage, double seconds, double videoSeconds)
    {
        var tag = new KeyValuePair<string, object?>("stage", stage);
        StageDuration.Record(seconds, tag);
        StageVideo.Add(videoSeconds, tag);
    }

    internal static void AttemptEnded(AttemptOutcome outcome)
        => Attempts.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString().ToLowerInvariant()));
}

/// <summary>How an attempt at a task ended.</summary>
internal enum AttemptOutcome
{
    Ready,
    Failed,

    /// <summary>The task gets another attempt after an error.</summary>
    Retry,

    /// <summary>The task returned to the queue without an error: the server stops, or the same video is being indexed.</summary>
    Requeued,

    /// <summary>The task or its video was deleted, or another attempt owns the task.</summary>
    Dropped,
}

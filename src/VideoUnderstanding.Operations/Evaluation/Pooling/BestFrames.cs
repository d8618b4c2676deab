using VideoUnderstanding.Operations.Evaluation.Metrics;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Operations.Evaluation.Pooling;

/// <summary>Ranks videos by their best single frame. This measures the model itself, without cutting moments.</summary>
internal static class BestFrames
{
    public const string Cosine = "best frame", NormalizedScore = "best frame, normalised";

    /// <summary>One answer per video, best first. It has the time of the frame and no length, so it is right if that time is inside a right
    /// span.</summary>
    /// <param name="interval">Seconds between two sampled frames. The time of a frame is the middle of the first interval that it
    /// represents.</param>
    /// <param name="evidence">Evidence of a frame; greater is better.</param>
    public static IReadOnlyList<Answer> Rank(IEnumerable<FrameTrack> tracks, double interval, Func<StoredFrame, double> evidence)
        => [.. tracks.Select(track => (track.File, Best: track.Frames.Select(frame => (Frame: frame, Evidence: evidence(frame)))
                .MaxBy(frame => frame.Evidence)))
            .OrderByDescending(video => video.Best.Evidence)
            .Select(video => AnswerAt(video.File, TimeOf(video.Best.Frame, interval), video.Best.Evidence))];

    /// <summary>Answers without length have no overlap and no boundaries.</summary>
    public static GroupFigures Figures(string name, IReadOnlyList<QueryOutcome> outcomes)
        => GroupFigures.Compute(name, outcomes) with { MeanIou = null, RightBoundaries = null };

    private static double TimeOf(StoredFrame frame, double interval) => frame.Start + Math.Min(interval, frame.End - frame.Start) / 2;

    private static Answer AnswerAt(string file, double time, double evidence)
        => new(file, time, time, MatchLevels.Round(Math.Clamp(100 * evidence, 0, 100)));
}

/// <summary>The stored pictures of one video, in order of time.</summary>
/// <param name="File">Name of the video in the set.</param>
public sealed record FrameTrack(string File, IReadOnlyList<StoredFrame> Frames);

/// <summary>A picture that represents [Start, End), in seconds.</summary>
/// <param name="Vector">Has length 1.</param>
public sealed record StoredFrame(double Start, double End, int Shot, float[] Vector);

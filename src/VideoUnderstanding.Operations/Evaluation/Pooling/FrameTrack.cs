namespace VideoUnderstanding.Operations.Evaluation.Pooling;

/// <summary>The stored pictures of one video in order of time.</summary>
/// <param name="File">Name of the video inside the set.</param>
public sealed record FrameTrack(string File, IReadOnlyList<StoredFrame> Frames);

/// <summary>A picture that stands for [Start, End), in seconds.</summary>
/// <param name="Vector">Of length 1.</param>
public sealed record StoredFrame(double Start, double End, int Shot, float[] Vector);

using Pgvector;

namespace VideoUnderstanding.Data.Entities;

/// <summary>One sampled picture of a video as a unit vector. It stands for the time up to the next kept picture.</summary>
public sealed class FrameVector
{
    public long Id { get; init; }
    public required string IndexId { get; init; }
    public required string VideoId { get; init; }

    /// <summary>Seconds; the frame stands for [Start, End).</summary>
    public double Start { get; init; }
    public double End { get; init; }

    /// <summary>Number of the shot, counted from 0 in each video.</summary>
    public int Shot { get; init; }

    /// <summary>halfvec; its length is set by the visual model at first start.</summary>
    public required HalfVector Embedding { get; init; }
}

using Pgvector;

namespace VideoUnderstanding.Data.Entities;

/// <summary>Unit vector of a sampled frame. It represents the time until the next kept frame.</summary>
public sealed class FrameVector
{
    public long Id { get; init; }
    public required string IndexId { get; init; }
    public required string VideoId { get; init; }

    /// <summary>Seconds; the frame represents [Start, End).</summary>
    public double Start { get; init; }
    public double End { get; init; }

    /// <summary>Number of the shot within the video, from 0.</summary>
    public int Shot { get; init; }

    /// <summary>Column type halfvec; the visual model sets the number of dimensions at the first start.</summary>
    public required HalfVector Embedding { get; init; }
}

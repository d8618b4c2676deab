using Pgvector;

namespace VideoUnderstanding.Data.Entities;

/// <summary>Unit vector of a region of a sampled frame, stored so that logos can be added later.</summary>
public sealed class LogoRegion
{
    public long Id { get; init; }
    public required string IndexId { get; init; }
    public required string VideoId { get; init; }

    /// <summary>Seconds; the region did not change in [Start, End).</summary>
    public double Start { get; init; }
    public double End { get; init; }

    /// <summary>Left edge relative to the frame's width, 0 to 1. The next three are relative to its width or height.</summary>
    public float Left { get; init; }
    public float Top { get; init; }
    public float Width { get; init; }
    public float Height { get; init; }

    /// <summary>Column type halfvec; the visual model sets the number of dimensions at the first start.</summary>
    public required HalfVector Embedding { get; init; }
}

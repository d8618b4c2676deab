using Pgvector;

namespace VideoUnderstanding.Data.Entities;

/// <summary>A part of a sampled picture as a unit vector, kept so that logos can be looked for that are only added later.</summary>
public sealed class LogoRegion
{
    public long Id { get; init; }
    public required string IndexId { get; init; }
    public required string VideoId { get; init; }

    /// <summary>Seconds; the part looked like this for [Start, End).</summary>
    public double Start { get; init; }
    public double End { get; init; }

    /// <summary>Left edge as a share of the picture's width, 0 to 1. The next three likewise, of width or height.</summary>
    public float Left { get; init; }
    public float Top { get; init; }
    public float Width { get; init; }
    public float Height { get; init; }

    /// <summary>halfvec; its length is set by the visual model at first start.</summary>
    public required HalfVector Embedding { get; init; }
}

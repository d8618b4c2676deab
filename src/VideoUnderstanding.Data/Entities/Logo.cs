using Pgvector;
using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Data.Entities;

/// <summary>A picture of a brand's logo in the gallery of an account. A brand may have several.</summary>
public sealed class Logo : IOwned
{
    public required string Id { get; init; }
    public required string AccountId { get; init; }

    /// <summary>Name of the brand; equal for all its pictures.</summary>
    public required string Name
    {
        get;
        init
        {
            field = value;
            NormalName = NormalForm.Of(value);
        }
    }

    /// <summary><see cref="NormalForm"/> of the name, for comparisons only.</summary>
    public string NormalName { get; private init; } = "";

    /// <summary>The picture file as uploaded.</summary>
    public required byte[] Picture { get; init; }

    /// <summary>Media type of <see cref="Picture"/>.</summary>
    public required string MediaType { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The vectors of the picture: one for each visual model that an index of the account uses. Vectors that were never needed are
    /// missing.</summary>
    public List<LogoVector> Vectors { get; init; } = [];
}

/// <summary>The vector of a logo by one visual model.</summary>
public sealed class LogoVector
{
    /// <summary>Set with <see cref="Logo.Vectors"/>.</summary>
    public string LogoId { get; init; } = null!;

    /// <summary>Name of the visual model in the manifest.</summary>
    public required string Model { get; init; }

    /// <summary>Unit vector. Column type halfvec without fixed dimensions, because models differ.</summary>
    public required HalfVector Embedding { get; init; }
}

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

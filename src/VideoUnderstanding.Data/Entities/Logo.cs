using Pgvector;
using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Data.Entities;

/// <summary>A picture of a brand's logo in the gallery of an account. A brand may have several.</summary>
public sealed class Logo : IOwned
{
    public required string Id { get; init; }
    public required string AccountId { get; init; }

    /// <summary>The brand. Pictures of one brand have the very same name.</summary>
    public required string Name
    {
        get;
        init
        {
            field = value;
            NormalName = NormalForm.Of(value);
        }
    }

    /// <summary><see cref="NormalForm"/> of the name; only filtered. Null in a row of an older version until
    /// <see cref="NormalColumns"/> fills it.</summary>
    public string? NormalName { get; private init; }

    /// <summary>The file as it was given, bounded by the settings.</summary>
    public required byte[] Picture { get; init; }

    /// <summary>Of <see cref="Picture"/>.</summary>
    public required string MediaType { get; init; }

    /// <summary>halfvec, unit length; its length is set by the visual model at first start.</summary>
    public required HalfVector Embedding { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}

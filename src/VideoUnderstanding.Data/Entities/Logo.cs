using Pgvector;

namespace VideoUnderstanding.Data.Entities;

/// <summary>A picture of a brand's logo in the gallery of an account. A brand may have several.</summary>
public sealed class Logo : IOwned
{
    public required string Id { get; init; }
    public required string AccountId { get; init; }

    /// <summary>The brand. Pictures of one brand have the very same name.</summary>
    public required string Name { get; init; }

    /// <summary>The file as it was given, bounded by the settings.</summary>
    public required byte[] Picture { get; init; }

    /// <summary>Of <see cref="Picture"/>.</summary>
    public required string MediaType { get; init; }

    /// <summary>halfvec, unit length; its length is set by the visual model at first start.</summary>
    public required HalfVector Embedding { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}

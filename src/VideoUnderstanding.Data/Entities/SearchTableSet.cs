namespace VideoUnderstanding.Data.Entities;

/// <summary>Says that an index has search tables of its own. The rows of an index without such an entry are in the shared tables.</summary>
public sealed class SearchTableSet
{
    public required string IndexId { get; init; }

    /// <summary>Which tables of the index searches read, from 1. Part of their names.</summary>
    public int Generation { get; set; }
}

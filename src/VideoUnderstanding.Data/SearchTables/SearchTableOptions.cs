using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Data.SearchTables;

/// <summary>When an index gets search tables of its own. Section <c>VideoUnderstanding:SearchTables</c>.</summary>
public sealed class SearchTableOptions
{
    public const string Section = "VideoUnderstanding:SearchTables";

    /// <summary>Frames, or segments of text, up to which an index stays in the shared tables, where all of them are compared.</summary>
    [Range(1_000, 1_000_000)]
    public int SharedRows { get; set; } = 20_000;
}

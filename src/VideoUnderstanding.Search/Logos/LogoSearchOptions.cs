using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Search.Logos;

/// <summary>When a logo counts as found. Section <c>VideoUnderstanding:LogoSearch</c>.</summary>
public sealed class LogoSearchOptions
{
    public const string Section = "VideoUnderstanding:LogoSearch";

    /// <summary>Used for visual models whose value has not been measured.</summary>
    public const double UsualSimilarity = 0.9;

    /// <summary>
    /// Cosine, 0 to 1, from which a part of a picture shows a logo of the gallery. Null: the value that the manifest gives for the visual
    /// model, or <see cref="UsualSimilarity"/>.
    /// </summary>
    [Range(0.1, 0.999)]
    public double? MinSimilarity { get; set; }

    /// <summary>Seconds between two sightings of a brand that are told as one: a hand before it, a blurred picture.</summary>
    [Range(0, 60)]
    public double BridgedSeconds { get; set; } = 2;

    /// <summary>A file of brand names to read from screen text instead of the built-in list: one a line, further spellings after a
    /// bar.</summary>
    public string? BrandWordsFile { get; set; }
}

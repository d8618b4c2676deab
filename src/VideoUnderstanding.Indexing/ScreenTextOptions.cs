using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Indexing;

/// <summary>Settings for merging text lines of frames into segments. Section <c>VideoUnderstanding:ScreenTextSegments</c>.</summary>
public sealed class ScreenTextOptions
{
    public const string Section = "VideoUnderstanding:ScreenTextSegments";

    /// <summary>Minimum similarity, 0 to 1, of two readings in the same place to be the same line.</summary>
    [Range(0.1, 1)]
    public double SameLineSimilarity { get; set; } = 0.7;

    /// <summary>Maximum gap in seconds within a line: the text may be covered or blurred briefly.</summary>
    [Range(0, 60)]
    public double BridgedSeconds { get; set; } = 2.5;

    /// <summary>Minimum confidence of a reading, 0 to 100.</summary>
    [Range(0, 100)]
    public double MinConfidence { get; set; } = 45;

    /// <summary>Minimum confidence, 0 to 100, of a line with a single reading.</summary>
    [Range(0, 100)]
    public double SingleReadingConfidence { get; set; } = 75;

    /// <summary>Minimum letters and digits of a line with a single reading; shorter ones are mostly textures.</summary>
    [Range(1, 20)]
    public int SingleReadingCharacters { get; set; } = 4;

    /// <summary>Minimum letters and digits of a line; shorter ones are mostly dots and bars.</summary>
    [Range(1, 20)]
    public int MinCharacters { get; set; } = 2;
}

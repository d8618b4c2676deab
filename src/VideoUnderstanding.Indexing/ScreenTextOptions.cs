using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Indexing;

/// <summary>How lines read in single pictures become stretches of text on screen. Section
/// <c>VideoUnderstanding:ScreenTextSegments</c>.</summary>
public sealed class ScreenTextOptions
{
    public const string Section = "VideoUnderstanding:ScreenTextSegments";

    /// <summary>Two readings in the same place are the same line from this likeness on, 0 to 1.</summary>
    [Range(0.1, 1)]
    public double SameLineSimilarity { get; set; } = 0.7;

    /// <summary>Seconds for which a line may go unread without ending: a hand before it, a blurred picture.</summary>
    [Range(0, 60)]
    public double BridgedSeconds { get; set; } = 2.5;

    /// <summary>Readings below this confidence, 0 to 100, are not text.</summary>
    [Range(0, 100)]
    public double MinConfidence { get; set; } = 45;

    /// <summary>A line that was read only once needs this confidence, 0 to 100; below it is flicker.</summary>
    [Range(0, 100)]
    public double SingleReadingConfidence { get; set; } = 75;

    /// <summary>A line that was read only once needs this many letters and digits; shorter ones are mostly textures.</summary>
    [Range(1, 20)]
    public int SingleReadingCharacters { get; set; } = 4;

    /// <summary>Lines with fewer letters and digits are left out: specks read as dots and bars.</summary>
    [Range(1, 20)]
    public int MinCharacters { get; set; } = 2;
}

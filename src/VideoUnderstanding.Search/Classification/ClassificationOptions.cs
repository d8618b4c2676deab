using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Search.Classification;

/// <summary>Settings of classification: label threshold and limits per request. Section <c>VideoUnderstanding:Classification</c>.</summary>
public sealed class ClassificationOptions
{
    public const string Section = "VideoUnderstanding:Classification";

    /// <summary>Minimum share of the video's duration, 0 to 1, that the fragments of a label must cover together.</summary>
    [Range(0.0, 1.0)]
    public double MinShare { get; set; } = 0.5;

    /// <summary>Maximum vector comparisons per request: one prompt with one frame, sound moment or text segment. A request that needs more
    /// is rejected.</summary>
    [Range(1_000, 100_000_000_000)]
    public long MaxComparisons { get; set; } = 20_000_000;

    /// <summary>Maximum clips returned per label and video, best first. The covered duration includes all clips.</summary>
    [Range(1, 10_000)]
    public int ClipsPerLabel { get; set; } = 100;

    /// <summary>Maximum clips in one answer, over all videos and pages. A request with a larger answer is rejected.</summary>
    [Range(100, 1_000_000)]
    public int MaxClips { get; set; } = 20_000;

    /// <summary>Maximum labels in one answer, over all videos and pages. A label counts once for each video that has it. A request with a
    /// larger answer is rejected.</summary>
    [Range(100, 1_000_000)]
    public int MaxLabels { get; set; } = 200_000;
}

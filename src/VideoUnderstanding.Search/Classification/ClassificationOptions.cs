using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Search.Classification;

/// <summary>Settings of classification: when a label counts, and what one request may cost.</summary>
public sealed class ClassificationOptions
{
    public const string Section = "VideoUnderstanding:Classification";

    /// <summary>Share of a video, 0 to 1, that the fragments of a label must cover together for the label to be reported.</summary>
    [Range(0.0, 1.0)]
    public double MinShare { get; set; } = 0.5;

    /// <summary>Comparisons of one request: a prompt with a picture or with a segment of text is one. A request that needs more is
    /// refused.</summary>
    [Range(1_000, 100_000_000_000)]
    public long MaxComparisons { get; set; } = 20_000_000;

    /// <summary>Clips that are told for one label of one video. The best are kept; the covered time counts all.</summary>
    [Range(1, 10_000)]
    public int ClipsPerLabel { get; set; } = 100;

    /// <summary>Clips of one answer over all its videos and pages. A request whose answer would have more is refused.</summary>
    [Range(100, 1_000_000)]
    public int MaxClips { get; set; } = 20_000;

    /// <summary>Labels of one answer over all its videos and pages, a label counted once for each video that has it. A request whose answer
    /// would have more is refused.</summary>
    [Range(100, 1_000_000)]
    public int MaxLabels { get; set; } = 200_000;
}

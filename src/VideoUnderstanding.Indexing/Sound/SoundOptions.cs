using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Indexing.Sound;

/// <summary>Selects the sound moments to store. Section <c>VideoUnderstanding:Sound</c>.</summary>
public sealed class SoundOptions
{
    public const string Section = "VideoUnderstanding:Sound";

    /// <summary>Minimum score of a class, 0.05 to 1.</summary>
    [Range(0.05, 1.0)]
    public double MinScore { get; set; } = 0.45;

    /// <summary>Maximum moments per hour of video; those with the highest scores are kept. Each video may have at least 50.</summary>
    [Range(50, 100_000)]
    public int MaxMomentsPerHour { get; set; } = 1_200;

    /// <summary>Returns the maximum number of moments of a video.</summary>
    /// <param name="duration">Duration of the video in seconds.</param>
    public int MomentsOf(double duration) => (int)Math.Max(50, Math.Ceiling(MaxMomentsPerHour * duration / 3600));
}

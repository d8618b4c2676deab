using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Indexing.Sound;

/// <summary>Which moments of sound are stored. Section <c>VideoUnderstanding:Sound</c>.</summary>
public sealed class SoundOptions
{
    public const string Section = "VideoUnderstanding:Sound";

    /// <summary>Least score, 0 to 1, that a class must reach in a moment to be stored.</summary>
    [Range(0.05, 1.0)]
    public double MinScore { get; set; } = 0.45;

    /// <summary>Moments stored for one hour of video, at most. The moments with the highest scores are kept. Short videos may have
    /// 50.</summary>
    [Range(50, 100_000)]
    public int MaxMomentsPerHour { get; set; } = 1_200;

    /// <summary>Moments that a video of this length may have.</summary>
    /// <param name="duration">Seconds.</param>
    public int MomentsOf(double duration) => (int)Math.Max(50, Math.Ceiling(MaxMomentsPerHour * duration / 3600));
}

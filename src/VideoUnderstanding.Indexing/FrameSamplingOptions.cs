using System.ComponentModel.DataAnnotations;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing;

/// <summary>Selects the frames that are analysed. Section <c>VideoUnderstanding:FrameSampling</c>.</summary>
public sealed class FrameSamplingOptions
{
    public const string Section = "VideoUnderstanding:FrameSampling";

    /// <summary>Frames per second of video, each from the middle of its interval. A shot without such a frame contributes its first
    /// frame.</summary>
    [Range(0.1, 10)]
    public double FramesPerSecond { get; set; } = 1;

    /// <summary>Scene change score, 0 to 1, above which a frame starts a new shot.</summary>
    [Range(0.01, 1)]
    public double ShotThreshold { get; set; } = 0.3;

    /// <summary>Maximum pixels of the longer side; larger frames are scaled down. Small text needs a high value.</summary>
    [Range(224, 4096)]
    public int MaxLongSide { get; set; } = 1280;

    /// <summary>
    /// Maximum difference, 0 to 255, of a colour channel's mean in any tile of a 32x18 grid up to which a frame is a duplicate of the last
    /// kept frame. 0 drops only identical frames.
    /// </summary>
    [Range(0, 255)]
    public double DuplicateTolerance { get; set; } = 6;

    public FrameSampling ToSampling() => new(FramesPerSecond, ShotThreshold, MaxLongSide);
}

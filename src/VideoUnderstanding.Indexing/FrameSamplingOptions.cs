using System.ComponentModel.DataAnnotations;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing;

/// <summary>Which pictures of a video are looked at. Section <c>VideoUnderstanding:FrameSampling</c>.</summary>
public sealed class FrameSamplingOptions
{
    public const string Section = "VideoUnderstanding:FrameSampling";

    /// <summary>Pictures taken per second of video, each from the middle of its interval. A shot without such a picture gives its
    /// first.</summary>
    [Range(0.1, 10)]
    public double FramesPerSecond { get; set; } = 1;

    /// <summary>Scene change score, 0 to 1, above which a picture starts a new shot.</summary>
    [Range(0.01, 1)]
    public double ShotThreshold { get; set; } = 0.3;

    /// <summary>Pixels of the longer side; larger pictures are scaled down before they are looked at. Small print on screen needs
    /// many.</summary>
    [Range(224, 4096)]
    public int MaxLongSide { get; set; } = 1280;

    /// <summary>
    /// A picture is the same as the kept one before it when no tile of a 32x18 grid differs in the mean of a colour channel by more than
    /// this, 0 to 255. 0 keeps all but identical pictures.
    /// </summary>
    [Range(0, 255)]
    public double DuplicateTolerance { get; set; } = 6;

    public FrameSampling ToSampling() => new(FramesPerSecond, ShotThreshold, MaxLongSide);
}

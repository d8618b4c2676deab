using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Indexing.Stages;

/// <summary>Limits for videos, all inclusive. CONTRACT 6.2. Section <c>VideoUnderstanding:Limits</c>.</summary>
public sealed class MediaLimits : IValidatableObject
{
    public const string Section = "VideoUnderstanding:Limits";

    /// <summary>Minimum pixels of the shorter side after rotation and aspect ratio correction.</summary>
    [Range(1, 100_000)]
    public int MinShortSide { get; set; } = 360;

    /// <summary>Maximum pixels of the shorter side after rotation and aspect ratio correction.</summary>
    [Range(1, 100_000)]
    public int MaxShortSide { get; set; } = 2160;

    /// <summary>Minimum duration in seconds.</summary>
    [Range(0, 1_000_000)]
    public double MinDurationSeconds { get; set; } = 4;

    /// <summary>Maximum duration in seconds.</summary>
    [Range(0.001, 1_000_000)]
    public double MaxDurationSeconds { get; set; } = 7200;

    /// <summary>Maximum file size in bytes. Checked while an upload or download is in progress.</summary>
    [Range(1, long.MaxValue)]
    public long MaxBytes { get; set; } = 2L * 1024 * 1024 * 1024;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MinShortSide > MaxShortSide)
            yield return new ValidationResult($"MinShortSide ({MinShortSide}) must not exceed MaxShortSide ({MaxShortSide}).",
                [nameof(MinShortSide), nameof(MaxShortSide)]);
        if (MinDurationSeconds > MaxDurationSeconds)
            yield return new ValidationResult(
                $"MinDurationSeconds ({MinDurationSeconds}) must not exceed MaxDurationSeconds ({MaxDurationSeconds}).",
                [nameof(MinDurationSeconds), nameof(MaxDurationSeconds)]);
    }
}

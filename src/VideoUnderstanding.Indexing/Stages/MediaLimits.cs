using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Indexing.Stages;

/// <summary>What a video must measure up to before it is indexed, CONTRACT 6.2. All bounds are inclusive. Section
/// <c>VideoUnderstanding:Limits</c>.</summary>
public sealed class MediaLimits : IValidatableObject
{
    public const string Section = "VideoUnderstanding:Limits";

    /// <summary>Pixels of the shorter side as a viewer sees it, at least.</summary>
    [Range(1, 100_000)]
    public int MinShortSide { get; set; } = 360;

    /// <summary>Pixels of the shorter side as a viewer sees it, at most.</summary>
    [Range(1, 100_000)]
    public int MaxShortSide { get; set; } = 2160;

    /// <summary>Seconds, at least.</summary>
    [Range(0, 1_000_000)]
    public double MinDurationSeconds { get; set; } = 4;

    /// <summary>Seconds, at most.</summary>
    [Range(0.001, 1_000_000)]
    public double MaxDurationSeconds { get; set; } = 7200;

    /// <summary>Bytes of the file, at most. Holds while an upload or a fetch is still streaming.</summary>
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

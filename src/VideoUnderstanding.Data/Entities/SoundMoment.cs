namespace VideoUnderstanding.Data.Entities;

/// <summary>A time range in which the same sound classes are detected.</summary>
public sealed class SoundMoment
{
    /// <summary>Maximum length of <see cref="Classes"/>.</summary>
    public const int MaxClasses = 8;

    public long Id { get; init; }
    public required string IndexId { get; init; }
    public required string VideoId { get; init; }

    /// <summary>Seconds; the classes are detected in [Start, End).</summary>
    public double Start { get; init; }
    public double End { get; init; }

    /// <summary>Class numbers of the sound model, highest score first.</summary>
    public required short[] Classes { get; init; }

    /// <summary>Score of each class, 0 to 1.</summary>
    public required float[] Scores { get; init; }
}

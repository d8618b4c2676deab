namespace VideoUnderstanding.Data.Entities;

/// <summary>A stretch of a video's sound in which the same classes of sound are heard.</summary>
public sealed class SoundMoment
{
    /// <summary>Longest <see cref="Classes"/>.</summary>
    public const int MaxClasses = 8;

    public long Id { get; init; }
    public required string IndexId { get; init; }
    public required string VideoId { get; init; }

    /// <summary>Seconds; the classes are heard in [Start, End).</summary>
    public double Start { get; init; }
    public double End { get; init; }

    /// <summary>Numbers of the classes in the sound model, the highest score first.</summary>
    public required short[] Classes { get; init; }

    /// <summary>Score of each class, 0 to 1.</summary>
    public required float[] Scores { get; init; }
}

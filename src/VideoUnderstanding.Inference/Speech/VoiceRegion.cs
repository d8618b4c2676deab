namespace VideoUnderstanding.Inference.Speech;

/// <summary>A stretch of the sound in which somebody speaks, in samples from its start; the end is exclusive.</summary>
public readonly record struct VoiceRegion(long Start, long End)
{
    public long Length => End - Start;
}

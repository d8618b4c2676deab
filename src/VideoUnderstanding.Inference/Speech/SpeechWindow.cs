namespace VideoUnderstanding.Inference.Speech;

/// <summary>A contiguous stretch of the sound that is transcribed at once.</summary>
/// <param name="Start">First sample, from the start of the sound.</param>
/// <param name="End">Sample after the last; at most one chunk after <paramref name="Start"/>.</param>
/// <param name="Voices">Where somebody speaks in it, in order; at least one.</param>
/// <param name="Continues">True when it ends only because it was full and more speech follows: its last sentence may be torn.</param>
public sealed record SpeechWindow(long Start, long End, IReadOnlyList<VoiceRegion> Voices, bool Continues)
{
    public int Length => (int)(End - Start);

    /// <summary>The sample, from the start of the sound, of a time in the window.</summary>
    /// <param name="seconds">From the window's start.</param>
    internal long At(double seconds, int sampleRate) => Start + (long)Math.Round(seconds * sampleRate);

    /// <summary>What is said from a sample on; a voice that sounds there is cut.</summary>
    internal IReadOnlyList<VoiceRegion> VoicesFrom(long sample) =>
        [.. Voices.Where(voice => voice.End > sample).Select(voice => voice with { Start = Math.Max(voice.Start, sample) })];
}

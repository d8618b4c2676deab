namespace VideoUnderstanding.Inference.Speech;

/// <summary>A stretch of speech. Times are seconds from the start of the sound.</summary>
public sealed record SpeechSegment(double Start, double End, string Text);

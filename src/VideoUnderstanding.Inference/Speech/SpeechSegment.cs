namespace VideoUnderstanding.Inference.Speech;

/// <summary>A sentence, or the part of a sentence between two pauses. Times are seconds from the start of the sound.</summary>
/// <param name="Language">Whisper's code of the language in which the segment was transcribed, such as <c>en</c>.</param>
/// <param name="Words">The words of the text in order, with punctuation.</param>
public sealed record SpeechSegment(double Start, double End, string Text, string Language, IReadOnlyList<SpokenWord> Words);

/// <summary>One word with its punctuation. Times are seconds from the start of the sound.</summary>
public sealed record SpokenWord(double Start, double End, string Text);

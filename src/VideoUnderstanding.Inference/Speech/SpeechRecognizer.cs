using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>Speech in a stream of 16 kHz mono samples as timed text. Memory does not grow with the length of the stream.</summary>
public sealed class SpeechRecognizer
{
    /// <exception cref="ModelUnavailableException">A file is missing or does not load.</exception>
    public static SpeechRecognizer Load(ManifestRole speech, ManifestRole voiceActivity, OnnxSessions sessions) => throw new NotImplementedException();

    /// <param name="sound">Blocks of samples in -1..1, in order.</param>
    /// <param name="language">Two-letter code; null lets the model tell it.</param>
    /// <returns>Segments in order of time.</returns>
    public IAsyncEnumerable<SpeechSegment> TranscribeAsync(IAsyncEnumerable<float[]> sound, string? language, CancellationToken cancellationToken) => throw new NotImplementedException();
}

namespace VideoUnderstanding.Inference.Speech;

/// <summary>Turns windows of a sound into transcripts, one for each, in order.</summary>
/// <param name="sound">Holds all samples of the windows, up to its end.</param>
internal delegate Task<IReadOnlyList<Transcript>> TranscribeWindows(IReadOnlyList<SpeechWindow> windows, SoundBuffer sound, CancellationToken cancellationToken);

/// <summary>Gives the windows of one sound to Whisper. Remembers the language that the sound usually speaks.</summary>
internal sealed class WindowTranscriber(WhisperFiles files, WhisperNetwork network, string? language)
{
    private readonly LogMelSpectrogram _spectrogram = new(files.Mel, files.Filters);
    private readonly int? _language = language is not null && files.Config.Languages.TryGetValue(language, out var token) ? token : null;
    private int? _usual;

    /// <inheritdoc cref="TranscribeWindows"/>
    public async Task<IReadOnlyList<Transcript>> TranscribeAsync(IReadOnlyList<SpeechWindow> windows, SoundBuffer sound, CancellationToken cancellationToken)
    {
        var size = files.Mel.Bins * files.Mel.Frames;
        var features = new float[windows.Count * size];
        for (var i = 0; i < windows.Count; i++)
            _spectrogram.Compute(sound.Slice(windows[i].Start, windows[i].End), features.AsSpan(i * size, size));
        var answers = await network.TranscribeAsync(features, windows.Count, _language, _usual, cancellationToken);
        _usual = answers[^1].Language ?? _usual;
        return [.. answers.Select(answer => answer.Transcript)];
    }
}

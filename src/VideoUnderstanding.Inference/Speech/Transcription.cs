using System.Runtime.CompilerServices;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>The transcription of one stream of sound. Memory does not grow with the length of the stream.</summary>
public sealed class Transcription
{
    /// <summary>The value of <c>language</c> that lets the model detect the language of each region of speech.</summary>
    public const string AutoLanguage = "auto";

    /// <summary>Seconds. With language detection, a pause of this length separates two regions that may have different languages.</summary>
    private const double RegionBreakSeconds = 0.7;

    private const int Rate = WhisperNetTranscriber.SampleRate;

    private readonly WhisperNetTranscriber _transcriber;
    private readonly SpeechSettings _settings;
    private readonly SpeechRegionDetector _detector;
    private readonly WindowDecoder _decoder;
    private readonly WindowPlanner _planner;
    private readonly SentenceSplitter _splitter;
    private readonly SoundBuffer _sound = new();
    private readonly Queue<Task<WindowResult>> _decoding = new();
    private readonly LanguageChoice? _choice;
    private readonly LanguageMismatch? _mismatch;
    private readonly string _language;

    internal Transcription(WhisperNetTranscriber transcriber, SpeechSettings settings, VoiceActivity voices, string language)
    {
        (_transcriber, _settings, _language) = (transcriber, settings, language);
        _detector = voices.NewDetector(SpeechRecognizer.MaxRegionSeconds);
        _decoder = new WindowDecoder(transcriber, settings, voices.Settings);
        var isAuto = language == AutoLanguage;
        _planner = new WindowPlanner(
            (int)(settings.WindowSeconds * Rate), (int)(settings.LongestPauseSeconds * Rate),
            (int)((isAuto ? RegionBreakSeconds : settings.WindowBreakSeconds) * Rate));
        _splitter = new SentenceSplitter(settings.SegmentBreakSeconds);
        _choice = isAuto ? new LanguageChoice() : null;
        _mismatch = isAuto ? null : new LanguageMismatch(language);
    }

    /// <summary>After the transcription: the language that was clearly detected instead of the given one. Null if the given one may be
    /// right.</summary>
    public string? OtherLanguage => _mismatch?.Other;

    /// <param name="sound">Blocks of samples in -1..1, mono, 16 kHz, in order.</param>
    /// <returns>Segments in order of time, each as soon as it is final.</returns>
    public async IAsyncEnumerable<SpeechSegment> ReadAsync(
        IAsyncEnumerable<float[]> sound, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var block in sound.WithCancellation(cancellationToken))
            {
                _sound.Append(block);
                foreach (var voice in await _detector.AddAsync(block, cancellationToken))
                {
                    foreach (var window in _planner.Add(voice, _sound))
                    {
                        foreach (var segment in await DecodeAsync(window, cancellationToken))
                            yield return segment;
                    }
                }
                _sound.DropBefore(_detector.SettledUntil - (long)(_settings.LongestPauseSeconds * Rate));
            }
            await foreach (var segment in FinishAsync(cancellationToken))
                yield return segment;
        }
        finally
        {
            // Observes the exceptions of calls that are no longer awaited.
            foreach (var call in _decoding)
                _ = call.ContinueWith(static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted,
                    TaskScheduler.Default);
        }
    }

    private async IAsyncEnumerable<SpeechSegment> FinishAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var windows = new List<SpeechWindow>();
        foreach (var voice in await _detector.FinishAsync(cancellationToken))
            windows.AddRange(_planner.Add(voice, _sound));
        windows.AddRange(_planner.Flush());
        foreach (var window in windows)
        {
            foreach (var segment in await DecodeAsync(window, cancellationToken))
                yield return segment;
        }
        while (_decoding.Count > 0)
        {
            foreach (var segment in Segments(await _decoding.Dequeue()))
                yield return segment;
        }
        foreach (var segment in _splitter.Flush())
            yield return segment;
    }

    /// <summary>Starts to decode a window. Windows are independent, so several are decoded at a time.</summary>
    /// <returns>Segments of completed windows.</returns>
    private async Task<IReadOnlyList<SpeechSegment>> DecodeAsync(SpeechWindow window, CancellationToken cancellationToken)
    {
        var segments = new List<SpeechSegment>();
        while (_decoding.Count >= _transcriber.Calls || _decoding.Count > 0 && _decoding.Peek().IsCompleted)
            segments.AddRange(Segments(await _decoding.Dequeue()));
        var language = _choice is null ? _language : await ChooseAsync(_choice, window, cancellationToken);
        _decoding.Enqueue(DecodeAndCheckAsync(window, language, cancellationToken));
        return segments;
    }

    private async Task<string> ChooseAsync(LanguageChoice choice, SpeechWindow window, CancellationToken cancellationToken)
        => choice.Choose(await _transcriber.DetectAsync(window.Sound(WindowDecoder.Silence), cancellationToken),
            window.SpeechLength / (double)Rate);

    private async Task<WindowResult> DecodeAndCheckAsync(SpeechWindow window, string language, CancellationToken cancellationToken)
    {
        var result = await _decoder.DecodeAsync(window, language, cancellationToken);
        if (_mismatch is not null && _mismatch.TryClaim(window.SpeechLength / (double)Rate))
        {
            // The detection of the transcription is less certain about another language, because it has less context.
            var detected = result.Detected is { } heard && heard.Code == language ? heard
                : await _transcriber.DetectAsync(window.Sound(WindowDecoder.Silence), cancellationToken);
            _mismatch.Add(detected);
        }
        return result;
    }

    private IEnumerable<SpeechSegment> Segments(WindowResult result) => _splitter.Add(result.Words, result.Language);
}

/// <summary>A sentence, or the part of a sentence between two pauses. Times are seconds from the start of the sound.</summary>
/// <param name="Language">Whisper's code of the language in which the segment was transcribed, such as <c>en</c>.</param>
/// <param name="Words">The words of the text in order, with punctuation.</param>
public sealed record SpeechSegment(double Start, double End, string Text, string Language, IReadOnlyList<SpokenWord> Words);

/// <summary>One word with its punctuation. Times are seconds from the start of the sound.</summary>
public sealed record SpokenWord(double Start, double End, string Text);

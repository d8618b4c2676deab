using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>Transcribes the speech of a stream of mono samples to timed text, with Silero and Whisper.</summary>
public sealed class SpeechRecognizer : IDisposable
{
    /// <summary>Seconds after which a region of speech without a pause is cut: the model processes 30 s, including a little silence around
    /// the region.</summary>
    internal const double MaxRegionSeconds = 28;

    // Shorter detections of speech are often music or noise.
    private const double MinSpeechSeconds = 1;

    private readonly WhisperNetTranscriber _transcriber;
    private readonly VoiceActivity _voices;
    private readonly SpeechSettings _settings;

    private SpeechRecognizer(WhisperNetTranscriber transcriber, VoiceActivity voices, SpeechSettings settings, ModelDevice device)
    {
        (_transcriber, _voices, _settings) = (transcriber, voices, settings);
        (Device, FellBack) = (WhisperRuntime.Describe(device), WhisperRuntime.FellBack(device));
    }

    /// <exception cref="ModelUnavailableException">A file or setting is missing or does not load.</exception>
    public static SpeechRecognizer Load(ManifestRole speech, ManifestRole voiceActivity, OnnxSessions sessions, ModelOptions options)
    {
        var settings = SpeechSettings.Parse(speech.Settings);
        var voices = VoiceActivity.Load(voiceActivity, sessions);
        try
        {
            if (voices.Settings.SampleRate != WhisperNetTranscriber.SampleRate)
                throw new ModelUnavailableException($"{voiceActivity.ModelId} needs {voices.Settings.SampleRate} samples a second, but "
                    + $"speech has {WhisperNetTranscriber.SampleRate}.");
            return new SpeechRecognizer(WhisperNetTranscriber.Load(speech, settings, options), voices, settings, options.Device);
        }
        catch
        {
            voices.Dispose();
            throw;
        }
    }

    /// <summary>Required samples per second of the sound.</summary>
    public int SampleRate => WhisperNetTranscriber.SampleRate;

    /// <summary>The device and the native library in use, with a warning if a GPU was requested and is not used.</summary>
    public string Device { get; }

    /// <summary>True if this build supports a GPU, a GPU was allowed, and speech runs on the CPU nevertheless.</summary>
    public bool FellBack { get; }

    /// <summary>Number of native calls that run now, including those of cancelled transcriptions.</summary>
    public int RunningCalls => _transcriber.Running;

    /// <summary>Starts a transcription.</summary>
    /// <param name="language">Whisper's code, or <see cref="Transcription.AutoLanguage"/>.</param>
    public Transcription Begin(string language) => new(_transcriber, _settings, _voices, language);

    /// <summary>Detects speech without recognising it, and stops as soon as there is enough.</summary>
    /// <param name="sound">Blocks of samples in -1..1, mono, 16 kHz, in order.</param>
    public async Task<bool> ContainsSpeechAsync(IAsyncEnumerable<float[]> sound, CancellationToken cancellationToken)
    {
        var detector = _voices.NewDetector(MaxRegionSeconds);
        var samples = 0L;
        await foreach (var block in sound.WithCancellation(cancellationToken))
        {
            samples += (await detector.AddAsync(block, cancellationToken)).Sum(region => region.End - region.Start);
            if (samples >= MinSpeechSeconds * SampleRate)
                return true;
        }
        samples += (await detector.FinishAsync(cancellationToken)).Sum(region => region.End - region.Start);
        return samples >= MinSpeechSeconds * SampleRate;
    }

    /// <summary>Decodes a sound without voice detection, to measure the speed.</summary>
    public Task TryAsync(float[] sound, CancellationToken cancellationToken)
        => _transcriber.DecodeAsync(sound, sound.Length / (double)SampleRate, "en", Decoding.Greedy, cancellationToken);

    public void Dispose()
    {
        _transcriber.Dispose();
        _voices.Dispose();
    }
}

using VideoUnderstanding.Inference.Manifest;
using Whisper.net;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>How a window is decoded.</summary>
internal enum Decoding
{
    /// <summary>The likeliest token at each step; one pass, with the fast weights.</summary>
    Greedy,

    /// <summary>Like greedy, with more context for the encoder and, as all further decodings, with the exact weights.</summary>
    Careful,

    /// <summary>Like careful, with beam search. The library retries with higher temperatures if entropy, log probability or no-speech
    /// probability are poor.</summary>
    Beam,

    /// <summary>Tokens are sampled, which breaks a loop.</summary>
    Sampled,
}

/// <summary>Runs one Whisper model. Weights are loaded once; the number of concurrent calls is limited.</summary>
internal sealed class WhisperNetTranscriber : IDisposable
{
    public const int SampleRate = 16_000;

    /// <summary>Positions of the encoder in one second.</summary>
    private const int PositionsPerSecond = 50;

    /// <summary>Positions of 30 s, the maximum length of one call.</summary>
    private const int MaxPositions = 1500;

    /// <summary>Maximum windows, of one or several videos, that are transcribed at a time. Each has its own buffers.</summary>
    private const int MaxCalls = 4;

    /// <summary>Seconds by which the model's time tokens may be too early.</summary>
    private const double EndTolerance = 0.05;

    /// <summary>Seconds. The library does not decode shorter sounds.</summary>
    private const double MinDuration = 0.2;

    /// <summary>First four bytes of a ggml file: the number 0x67676d6c.</summary>
    private static readonly byte[] Magic = [0x6c, 0x6d, 0x67, 0x67];

    private readonly WhisperFactory _fast;
    private readonly WhisperFactory _exact;
    private readonly SpeechSettings _settings;
    private readonly SemaphoreSlim _slots;
    private readonly int _threads;

    /// <param name="models">The model with fast weights and that with the exact ones, which may be the same object.</param>
    private WhisperNetTranscriber((WhisperFactory Fast, WhisperFactory Exact) models, SpeechSettings settings, int threads)
    {
        (_fast, _exact) = models;
        Calls = WhisperRuntime.IsCuda ? 1 : Math.Clamp(threads, 1, MaxCalls);
        (_settings, _threads, _slots) = (settings, Math.Max(1, threads / Calls), new SemaphoreSlim(Calls, Calls));
    }

    /// <summary>Maximum concurrent calls.</summary>
    public int Calls { get; }

    /// <summary>Calls that hold a slot, including cancelled ones whose native call has not ended.</summary>
    public int Running => Calls - _slots.CurrentCount;

    /// <exception cref="ModelUnavailableException">The file is missing or damaged, or the device is not available.</exception>
    public static WhisperNetTranscriber Load(ManifestRole role, SpeechSettings settings, ModelOptions options)
    {
        var file = role.Model.Files.FirstOrDefault(file => file.Path.EndsWith(".bin", StringComparison.Ordinal))
            ?? throw new ModelUnavailableException($"The manifest lists no ggml file (.bin) for {role.ModelId}.");
        var path = role.PathOf(file.Path);
        CheckMagic(path);
        WhisperRuntime.Prefer(options.Device);
        var models = Open(path, settings, options.Device);
        if (options.Device != ModelDevice.Cuda || WhisperRuntime.IsCuda)
            return new WhisperNetTranscriber(models, settings, options.ThreadCount());
        models.Fast.Dispose();
        models.Exact.Dispose();
        throw new ModelUnavailableException(
            $"The GPU was not obtained for {path}: the CUDA 13 library of Whisper.net "
                + $"{(WhisperRuntime.HasCudaLibrary ? "does not load" : "is not part of this build")}. "
            + $"{ModelOptions.Section}:Device=cpu runs the models without one.");
    }

    private static (WhisperFactory Fast, WhisperFactory Exact) Open(string path, SpeechSettings settings, ModelDevice device)
    {
        if (!Enum.TryParse<WhisperAlignmentHeadsPreset>(settings.AlignmentHeads, ignoreCase: false, out var heads))
            throw new ModelUnavailableException(
                $"The manifest's settings of speech are wrong: alignment_heads {settings.AlignmentHeads} is not a preset of Whisper.net.");
        var factoryOptions = WhisperFactoryOptions.Default with
        {
            UseGpu = device != ModelDevice.Cpu,
            UseFlashAttention = heads == WhisperAlignmentHeadsPreset.None,
            UseDtwTimeStamps = heads != WhisperAlignmentHeadsPreset.None,
            HeadsPreset = heads,
        };
        var errors = new List<string>();
        try
        {
            return WhisperRuntime.Collect(() =>
            {
                // A GPU unpacks 5-bit weights fast.
                var converts = device == ModelDevice.Cpu || !WhisperRuntime.HasCudaLibrary;
                var exact = Open(path, settings.WidenWeights && converts ? GgmlWeights.ReadWidened(path) : null, factoryOptions);
                var compact = settings.FastWeights && converts ? GgmlWeights.ReadCompact(path) : null;
                return (compact is null ? exact : Open(path, compact, factoryOptions), exact);
            }, errors);
        }
        catch (Exception error)
            when (error is WhisperModelLoadException or InvalidDataException or DllNotFoundException or FileNotFoundException
                or PlatformNotSupportedException)
        {
            var reason = string.Join(' ', errors.Append(error.Message).Distinct());
            throw new ModelUnavailableException(
                $"The speech model file {path} does not load: {reason} `./vu models fetch` replaces a damaged file.");
        }
    }

    /// <param name="converted">The content of the file with other weights; null to use the file.</param>
    private static WhisperFactory Open(string path, byte[]? converted, WhisperFactoryOptions options)
    {
        var factory = converted is null ? WhisperFactory.FromPath(path, options) : WhisperFactory.FromBuffer(converted, options);
        // The factory reports a load failure only here.
        factory.CreateBuilder();
        return factory;
    }

    private static void CheckMagic(string path)
    {
        var start = new byte[Magic.Length];
        using var file = File.OpenRead(path);
        if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.AsSpan().SequenceEqual(Magic))
            throw new ModelUnavailableException(
                $"The speech model file {path} is damaged or is not a ggml file. `./vu models fetch` replaces it.");
    }

    /// <param name="sound">Samples in -1..1; at most 30 s.</param>
    /// <param name="speechEnd">End of speech in the sound, in seconds.</param>
    /// <param name="language">Whisper's code.</param>
    /// <exception cref="OperationCanceledException">Thrown immediately; the native call keeps its slot until it ends.</exception>
    public Task<WindowTranscript> DecodeAsync(
        float[] sound, double speechEnd, string language, Decoding decoding, CancellationToken cancellationToken)
        => InSlotAsync(() => DecodeNowAsync(sound, speechEnd, language, decoding, cancellationToken), cancellationToken);

    /// <summary>Detects the language of a sound. Takes a pass of the encoder over 30 s, regardless of the length of the sound.</summary>
    public Task<DetectedLanguage> DetectAsync(float[] sound, CancellationToken cancellationToken)
        => InSlotAsync(async () =>
        {
            await using var processor = _exact.CreateBuilder().WithThreads(_threads).Build();
            var (language, probability) = processor.DetectLanguageWithProbability(sound);
            return new DetectedLanguage(language ?? "en", probability);
        }, cancellationToken);

    private async Task<WindowTranscript> DecodeNowAsync(
        float[] sound, double speechEnd, string given, Decoding decoding, CancellationToken cancellationToken)
    {
        // Disposal waits for the native call, also after a cancellation.
        var passes = 0;
        await using var processor = Build(sound.Length / (double)SampleRate, speechEnd, given, decoding)
            // If the decoder ends before the sound, the library starts a second pass for the rest. With word times its text is lost, and
            // the process aborts if the rest has less than 0.16 s. So the second pass is prevented.
            .WithEncoderBeginHandler(_ => ++passes == 1)
            .Build();
        var language = decoding == Decoding.Greedy ? LanguageListener.TryAttach(processor, _threads) : null;
        var segments = new List<SegmentData>();
        await foreach (var segment in processor.ProcessAsync(sound, cancellationToken))
            segments.Add(segment);
        return WindowTranscript.From(segments, speechEnd, _settings) with { IsComplete = passes < 2, Detected = language?.Detected };
    }

    private WhisperProcessorBuilder Build(double seconds, double speechEnd, string language, Decoding decoding)
    {
        var margin = decoding == Decoding.Greedy ? _settings.ContextMarginSeconds : _settings.RetryContextMarginSeconds;
        var positions = (int)Math.Ceiling((seconds + margin) * PositionsPerSecond);
        // The decoder stops at a time token at most 0.1 s before the duration. The model still processes the whole sound.
        var duration = TimeSpan.FromSeconds(Math.Max(MinDuration, speechEnd - EndTolerance));
        // Single segment: the library's word times are wrong for a second one.
        var model = decoding == Decoding.Greedy ? _fast : _exact;
        var builder = model.CreateBuilder().WithThreads(_threads).WithLanguage(language).WithNoContext().WithSingleSegment()
            .WithAudioContextSize(Math.Min(MaxPositions, positions))
            .WithDuration(duration)
            .WithTemperature(decoding == Decoding.Sampled ? 0.4f : 0)
            .WithTemperatureInc(decoding is Decoding.Greedy or Decoding.Careful ? 0 : 0.2f)
            .WithNoSpeechThreshold((float)_settings.NoSpeechProbability)
            .WithLogProbThreshold((float)_settings.LeastLogProbability);
        if (decoding == Decoding.Beam)
            builder.WithBeamSearchSamplingStrategy(beam => beam.WithBeamSize(_settings.BeamSize));
        else
            builder.WithGreedySamplingStrategy(greedy => greedy.WithBestOf(decoding == Decoding.Sampled ? _settings.BeamSize : 1));
        return builder;
    }

    /// <summary>The slot is released when the work ends, not when the caller stops waiting.</summary>
    private async Task<T> InSlotAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        var running = Task.Run(async () =>
        {
            try
            {
                return await work();
            }
            finally
            {
                _slots.Release();
            }
        }, CancellationToken.None);
        return await running.WaitAsync(cancellationToken);
    }

    /// <summary>Waits for running calls, because they use the weights.</summary>
    public void Dispose()
    {
        for (var i = 0; i < Calls; i++)
            _slots.Wait();
        _fast.Dispose();
        _exact.Dispose();
        _slots.Dispose();
    }
}

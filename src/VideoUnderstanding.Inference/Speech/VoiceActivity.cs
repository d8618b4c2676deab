using Microsoft.ML.OnnxRuntime;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>Tells where somebody speaks, by a small recurrent network (Silero) that looks at consecutive windows.</summary>
public sealed class VoiceActivity : IDisposable
{
    private readonly OnnxSession _session;
    private readonly long[] _stateShape;

    private VoiceActivity(OnnxSession session, VoiceActivitySettings settings)
    {
        (_session, Settings) = (session, settings);
        // The batch is the one length that may vary.
        _stateShape = [.. session.Inputs["state"].Dimensions.Select(length => (long)Math.Max(1, length))];
    }

    public VoiceActivitySettings Settings { get; }

    /// <exception cref="ModelUnavailableException">The file or a setting is missing.</exception>
    public static VoiceActivity Load(ManifestRole role, OnnxSessions sessions)
    {
        var settings = VoiceActivitySettings.Parse(role.Settings);
        var file = role.Model.Files.FirstOrDefault(file => file.Path.EndsWith(".onnx", StringComparison.Ordinal))
            ?? throw new ModelUnavailableException($"The manifest lists no .onnx file for {role.ModelId}.");
        // Runs are short and many, about thirty for a second of sound; a handful of videos may be heard at once.
        return new VoiceActivity(sessions.OpenSmall(role.PathOf(file.Path), concurrency: 8), settings);
    }

    /// <summary>Begins to listen to one stream of sound.</summary>
    /// <param name="maxSeconds">Longer stretches of speech are cut.</param>
    public VoiceListener Listen(double maxSeconds) => new(this, maxSeconds);

    internal float[] NewState() => new float[_stateShape.Aggregate(1L, (product, length) => product * length)];

    /// <summary>One step: the probability of speech in the window; the state is replaced.</summary>
    /// <param name="window">Context and new samples.</param>
    internal async Task<float> StepAsync(float[] window, float[] state, CancellationToken cancellationToken)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(window, [1, window.Length]);
        using var memory = OrtValue.CreateTensorValueFromMemory(state, _stateShape);
        using var rate = OrtValue.CreateTensorValueFromMemory(new long[] { Settings.SampleRate }, []);
        var inputs = new Dictionary<string, OrtValue> { ["input"] = input, ["state"] = memory, ["sr"] = rate };
        using var outputs = await _session.RunAsync(inputs, ["output", "stateN"], cancellationToken);
        outputs[1].GetTensorDataAsSpan<float>().CopyTo(state);
        return outputs[0].GetTensorDataAsSpan<float>()[0];
    }

    public void Dispose() => _session.Dispose();
}

/// <summary>Listens to one stream of sound and tells stretches of speech as they end.</summary>
public sealed class VoiceListener
{
    private readonly VoiceActivity _network;
    private readonly VoiceRegions _regions;
    private readonly float[] _window;
    private readonly float[] _state;
    private int _filled;

    internal VoiceListener(VoiceActivity network, double maxSeconds)
    {
        _network = network;
        _regions = new VoiceRegions(network.Settings, maxSeconds);
        _window = new float[network.Settings.ContextSamples + network.Settings.WindowSamples];
        _state = network.NewState();
    }

    /// <summary>Samples heard so far.</summary>
    public long Heard { get; private set; }

    /// <summary>No stretch that is told from now on begins before this sample.</summary>
    public long Settled => _regions.OpenSince ?? Math.Max(0, Heard - _window.Length - (long)_network.Settings.SpeechPadMs * _network.Settings.SampleRate / 1000);

    /// <returns>The stretches that ended in this block.</returns>
    public async Task<IReadOnlyList<VoiceRegion>> AddAsync(ReadOnlyMemory<float> block, CancellationToken cancellationToken)
    {
        var (found, context) = (new List<VoiceRegion>(), _network.Settings.ContextSamples);
        for (var rest = block; rest.Length > 0;)
        {
            var count = Math.Min(rest.Length, _window.Length - context - _filled);
            rest[..count].CopyTo(_window.AsMemory(context + _filled));
            (rest, _filled, Heard) = (rest[count..], _filled + count, Heard + count);
            if (context + _filled == _window.Length && await StepAsync(cancellationToken) is { } region)
                found.Add(region);
        }
        return found;
    }

    /// <returns>The stretches that the end of the sound ends.</returns>
    public async Task<IReadOnlyList<VoiceRegion>> FinishAsync(CancellationToken cancellationToken)
    {
        var found = new List<VoiceRegion>();
        if (_filled > 0)
        {
            _window.AsSpan(_network.Settings.ContextSamples + _filled).Clear();
            if (await StepAsync(cancellationToken) is { } region)
                found.Add(region);
        }
        if (_regions.Finish(Heard) is { } last)
            found.Add(last);
        return found;
    }

    private async Task<VoiceRegion?> StepAsync(CancellationToken cancellationToken)
    {
        var probability = await _network.StepAsync(_window, _state, cancellationToken);
        // The last samples are the next step's context.
        _window.AsSpan(_window.Length - _network.Settings.ContextSamples).CopyTo(_window);
        _filled = 0;
        return _regions.Add(probability);
    }
}

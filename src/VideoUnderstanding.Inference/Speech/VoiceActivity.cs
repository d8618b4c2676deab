using Microsoft.ML.OnnxRuntime;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>Detects speech with Silero's recurrent network, in the form that evaluates many consecutive windows in one call.</summary>
public sealed class VoiceActivity : IDisposable
{
    private const string Sound = "input";
    private const string Hidden = "h";
    private const string Cell = "c";
    private const string Probabilities = "speech_probs";
    private readonly OnnxSession _session;

    private VoiceActivity(OnnxSession session, VoiceActivitySettings settings) => (_session, Settings) = (session, settings);

    public VoiceActivitySettings Settings { get; }

    /// <exception cref="ModelUnavailableException">The file or a setting is missing, or the file is another network.</exception>
    public static VoiceActivity Load(ManifestRole role, OnnxSessions sessions)
    {
        var settings = VoiceActivitySettings.Parse(role.Settings);
        var file = role.Model.Files.FirstOrDefault(file => file.Path.EndsWith(".onnx", StringComparison.Ordinal))
            ?? throw new ModelUnavailableException($"The manifest lists no .onnx file for {role.ModelId}.");
        // A call takes milliseconds, so several videos can share the network.
        var session = sessions.OpenSmall(role.PathOf(file.Path), concurrency: 4);
        if (new[] { Sound, Hidden, Cell }.All(session.Inputs.ContainsKey) && session.Outputs.ContainsKey(Probabilities))
            return new VoiceActivity(session, settings);
        session.Dispose();
        throw new ModelUnavailableException(
            $"{session.FilePath} is not the block form of Silero: it needs the inputs {Sound}, {Hidden}, {Cell} and the output "
                + $"{Probabilities}.");
    }

    /// <summary>Starts detection on one stream of sound.</summary>
    /// <param name="maxSeconds">Longer regions are cut.</param>
    public SpeechRegionDetector NewDetector(double maxSeconds) => new(this, maxSeconds);

    internal VoiceState NewState() => new(
        new float[_session.Inputs[Hidden].Dimensions.Aggregate(1, (product, length) => product * Math.Max(1, length))],
        new float[_session.Inputs[Cell].Dimensions.Aggregate(1, (product, length) => product * Math.Max(1, length))]);

    /// <summary>Evaluates consecutive windows and updates the state.</summary>
    /// <param name="windows">Context and new samples of each window, one window after the other.</param>
    /// <returns>The probability of speech in each window.</returns>
    internal async Task<float[]> RunAsync(ReadOnlyMemory<float> windows, VoiceState state, CancellationToken cancellationToken)
    {
        var width = Settings.ContextSamples + Settings.WindowSamples;
        using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance,
            System.Runtime.InteropServices.MemoryMarshal.AsMemory(windows), [windows.Length / width, width]);
        using var hidden = OrtValue.CreateTensorValueFromMemory(state.Hidden, [1, 1, state.Hidden.Length]);
        using var cell = OrtValue.CreateTensorValueFromMemory(state.Cell, [1, 1, state.Cell.Length]);
        var inputs = new Dictionary<string, OrtValue> { [Sound] = input, [Hidden] = hidden, [Cell] = cell };
        using var outputs = await _session.RunAsync(inputs, [Probabilities, "hn", "cn"], cancellationToken);
        outputs[1].GetTensorDataAsSpan<float>().CopyTo(state.Hidden);
        outputs[2].GetTensorDataAsSpan<float>().CopyTo(state.Cell);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose() => _session.Dispose();
}

/// <summary>State of the recurrent network after the previous windows.</summary>
internal sealed record VoiceState(float[] Hidden, float[] Cell);

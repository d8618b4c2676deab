using VideoUnderstanding.TestAssets.Onnx;

namespace VideoUnderstanding.TestAssets.Tiny;

/// <summary>A voice detector with Silero's interface: whatever is loud is speech. The state carries the loudness, which fades over the next blocks.</summary>
internal static class TinyVoiceModel
{
    private const float Quietest = 1e-10f;
    private const float SpeechLevel = 6;
    private const float Fading = 3;

    /// <summary>Silero's, but for the padding: a tone has no quiet first letters.</summary>
    public static object Settings { get; } = new
    {
        sample_rate = 16_000,
        window_samples = 512,
        context_samples = 64,
        threshold = 0.5,
        negative_threshold = 0.35,
        min_speech_ms = 250,
        min_silence_ms = 100,
        speech_pad_ms = 30,
    };

    public static void WriteTo(string folder) => OnnxModelWriter.Write(Path.Combine(folder, "silero_vad.onnx"), Graph());

    private static OnnxGraph Graph()
    {
        var graph = new OnnxGraph("voice");
        var sound = graph.Input("input", OnnxType.Float, "batch", 576);
        var state = graph.Input("state", OnnxType.Float, 2, "batch", 128);
        var rate = graph.Input("sr", OnnxType.Int64);
        var power = graph.Op("ReduceMean", [graph.Op("Mul", sound, sound)], OnnxAttribute.Ints("axes", 1));
        // Ten powers of ten above the quietest that counts: 0 is silence, 10 the loudest.
        var level = graph.Op("Div", graph.Op("Log", graph.Op("Add", graph.Op("Div", power, graph.Float(Quietest)), graph.Float(1))), graph.Float(MathF.Log(10)));
        var before = graph.Op("Squeeze", graph.Op("Slice", state, graph.Ints(0, 0), graph.Ints(1, 1), graph.Ints(0, 2)), graph.Ints(0));
        var loudness = graph.Op("Max", level, graph.Op("Sub", before, graph.Float(Fading)));
        var known = graph.Cast(graph.Op("Equal", rate, graph.Int(16_000)), OnnxType.Float);
        var speech = graph.Op("Sigmoid", graph.Op("Mul", graph.Op("Sub", loudness, graph.Float(SpeechLevel)), graph.Float(4)));
        graph.Output(graph.Op("Mul", speech, known), "output", OnnxType.Float, "batch", 1);
        var next = graph.Op("Expand", graph.Op("Unsqueeze", loudness, graph.Ints(0)), graph.Op("Shape", state));
        graph.Output(next, "stateN", OnnxType.Float, 2, "batch", 128);
        return graph;
    }
}

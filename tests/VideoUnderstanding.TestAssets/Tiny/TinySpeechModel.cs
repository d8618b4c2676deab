using System.Text.Json;
using VideoUnderstanding.TestAssets.Onnx;

namespace VideoUnderstanding.TestAssets.Tiny;

/// <summary>A model with Whisper's files and interface that hears tones: each of a few pitches is a phrase.</summary>
internal static class TinySpeechModel
{
    public const int MelBands = 80;
    public const int MelFrames = 3000;
    public const int Positions = 1500;
    public const int Layers = 2;
    public const int Heads = 2;
    public const int HeadSize = 8;
    public const int Width = Heads * HeadSize;
    private const int MaxTokens = 96;

    // A log-mel value, scaled as Whisper does; silence is -1.5, a loud tone above 1.
    private const float Audible = 0.3f;

    public static void WriteTo(string folder)
    {
        var vocabulary = new TinySpeechVocabulary();
        var onnx = Path.Combine(folder, "onnx");
        OnnxModelWriter.Write(Path.Combine(onnx, "encoder_model.onnx"), Encoder());
        OnnxModelWriter.Write(Path.Combine(onnx, "decoder_model.onnx"), TinySpeechDecoder.First(vocabulary));
        OnnxModelWriter.Write(Path.Combine(onnx, "decoder_with_past_model.onnx"), TinySpeechDecoder.WithPast(vocabulary));
        OnnxModelWriter.Write(Path.Combine(onnx, "decoder_model_merged.onnx"), TinySpeechDecoder.Merged(vocabulary));
        vocabulary.Write(folder);
        WriteSettings(folder, vocabulary);
    }

    /// <summary>For every phrase and position of 20 ms: 1 where its tone is the loudest thing to be heard, for at least a moment.</summary>
    private static OnnxGraph Encoder()
    {
        var graph = new OnnxGraph("encoder");
        var mel = graph.Input("input_features", OnnxType.Float, "batch", MelBands, MelFrames);
        var loudest = graph.Op("ReduceMax", [mel], OnnxAttribute.Ints("axes", 1));
        // A band or the one beside it: the bands are as narrow as a step of the spectrum in the bass.
        var bands = new[] { -1, 0, 1 }.Select(shift => graph.Op("Gather", [mel, graph.Ints([.. TinyPhrases.All.Select(phrase => (long)phrase.MelBand + shift)])], OnnxAttribute.Int("axis", 1)));
        var level = graph.Op("Max", [.. bands]);
        var leads = graph.Op("And", graph.Op("GreaterOrEqual", level, graph.Op("Sub", loudest, graph.Float(0.001f))), graph.Op("Greater", level, graph.Float(Audible)));
        var heard = graph.Cast(leads, OnnxType.Float);
        var steady = Widen(graph, Narrow(graph, heard, 7), 7);
        var whole = Narrow(graph, Widen(graph, steady, 15), 15);
        var halved = graph.Op("MaxPool", [whole], OnnxAttribute.Ints("kernel_shape", 2), OnnxAttribute.Ints("strides", 2));
        var hidden = graph.Op("MatMul", graph.Op("Transpose", [halved], OnnxAttribute.Ints("perm", 0, 2, 1)), graph.Floats(Places(), TinyPhrases.All.Count, Width));
        graph.Output(hidden, "last_hidden_state", OnnxType.Float, "batch", Positions, Width);
        return graph;
    }

    private static string Widen(OnnxGraph graph, string value, int frames) => graph.Op("MaxPool", [value],
        OnnxAttribute.Ints("kernel_shape", frames), OnnxAttribute.Ints("pads", frames / 2, frames / 2), OnnxAttribute.Ints("strides", 1));

    private static string Narrow(OnnxGraph graph, string value, int frames) => graph.Op("Neg", Widen(graph, graph.Op("Neg", value), frames));

    private static float[] Places()
    {
        var places = new float[TinyPhrases.All.Count * Width];
        for (var i = 0; i < TinyPhrases.All.Count; i++)
            places[i * Width + i] = 1;
        return places;
    }

    private static void WriteSettings(string folder, TinySpeechVocabulary vocabulary)
    {
        File.WriteAllText(Path.Combine(folder, "config.json"), JsonSerializer.Serialize(new
        {
            model_type = "whisper",
            d_model = Width,
            encoder_layers = Layers,
            decoder_layers = Layers,
            encoder_attention_heads = Heads,
            decoder_attention_heads = Heads,
            num_mel_bins = MelBands,
            max_source_positions = Positions,
            max_target_positions = MaxTokens,
            vocab_size = vocabulary.Count,
            bos_token_id = vocabulary.End,
            eos_token_id = vocabulary.End,
            pad_token_id = vocabulary.End,
            decoder_start_token_id = vocabulary.Start,
        }));
        File.WriteAllText(Path.Combine(folder, "preprocessor_config.json"), JsonSerializer.Serialize(new
        {
            feature_extractor_type = "WhisperFeatureExtractor",
            feature_size = MelBands,
            sampling_rate = 16_000,
            n_fft = 400,
            hop_length = 160,
            chunk_length = 30,
            n_samples = 480_000,
            nb_max_frames = MelFrames,
            padding_value = 0.0,
        }));
    }
}

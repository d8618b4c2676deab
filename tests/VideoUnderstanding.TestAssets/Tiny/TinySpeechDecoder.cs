using VideoUnderstanding.TestAssets.Onnx;

namespace VideoUnderstanding.TestAssets.Tiny;

/// <summary>The decoder's three exported forms: first step, further steps, and both in one. The cache holds the tokens themselves, written differently in each
/// layer, so that a cache that was mixed up or cut is noticed: the transcript then ends at once.</summary>
internal static class TinySpeechDecoder
{
    public static OnnxGraph First(TinySpeechVocabulary vocabulary)
    {
        var graph = new OnnxGraph("first");
        var ids = Ids(graph);
        var hidden = Hidden(graph);
        var caches = Own(graph, ids);
        Finish(graph, vocabulary, ids, hidden, caches);
        OutputHeard(graph, Heard(graph, hidden));
        return graph;
    }

    public static OnnxGraph WithPast(TinySpeechVocabulary vocabulary)
    {
        var graph = new OnnxGraph("further");
        var ids = Ids(graph);
        var (past, heard) = (Past(graph, "decoder", "past_decoder_sequence_length"), Past(graph, "encoder", "encoder_sequence_length_out"));
        Finish(graph, vocabulary, ids, Unheard(graph, heard[0]), Joined(graph, past, Own(graph, ids)));
        return graph;
    }

    public static OnnxGraph Merged(TinySpeechVocabulary vocabulary)
    {
        var graph = new OnnxGraph("merged");
        var ids = Ids(graph);
        var hidden = Hidden(graph);
        var (past, heard) = (Past(graph, "decoder", "past_decoder_sequence_length"), Past(graph, "encoder", "encoder_sequence_length_out"));
        var useCache = graph.Input("use_cache_branch", OnnxType.Bool, 1);
        var sound = graph.Op("If", [useCache],
            OnnxAttribute.Graph("then_branch", Branch("cached", inner => Unheard(inner, heard[0]))),
            OnnxAttribute.Graph("else_branch", Branch("fresh", inner => inner.Op("Identity", hidden))));
        Finish(graph, vocabulary, ids, sound, Joined(graph, past, Own(graph, ids)));
        OutputHeard(graph, Heard(graph, sound));
        return graph;
    }

    private static OnnxGraph Branch(string name, Func<OnnxGraph, string> body)
    {
        var inner = new OnnxGraph(name);
        inner.Output(body(inner), name + "_sound", OnnxType.Float, "batch", "positions", TinySpeechModel.Width);
        return inner;
    }

    private static string Ids(OnnxGraph graph) => graph.Input("input_ids", OnnxType.Int64, "batch", "decoder_sequence_length");

    private static string Hidden(OnnxGraph graph)
        => graph.Input("encoder_hidden_states", OnnxType.Float, "batch", "encoder_sequence_length", TinySpeechModel.Width);

    private static string[] Past(OnnxGraph graph, string side, string length) => [.. CacheNames(side)
        .Select(name => graph.Input("past_key_values." + name, OnnxType.Float, "batch", TinySpeechModel.Heads, length, TinySpeechModel.HeadSize))];

    private static IEnumerable<string> CacheNames(string side)
        => from layer in Enumerable.Range(0, TinySpeechModel.Layers) from part in new[] { "key", "value" } select $"{layer}.{side}.{part}";

    /// <summary>The new tokens as keys and values: [batch, heads, tokens, size], the token in the first place, plus a number that tells the layer.</summary>
    private static string[] Own(OnnxGraph graph, string ids)
    {
        var tokens = graph.Op("Unsqueeze", graph.Cast(ids, OnnxType.Float), graph.Ints(1, 3));
        var place = new float[TinySpeechModel.Heads * TinySpeechModel.HeadSize];
        place[0] = 1;
        var first = graph.Floats(place, 1, TinySpeechModel.Heads, 1, TinySpeechModel.HeadSize);
        return [.. CacheNames("decoder").Select((_, number) => graph.Op("Mul", graph.Op("Add", tokens, graph.Float(Mark(number))), first))];
    }

    private static string[] Joined(OnnxGraph graph, string[] past, string[] own)
        => [.. past.Zip(own, (before, after) => graph.Op("Concat", [before, after], OnnxAttribute.Int("axis", 2)))];

    private static float Mark(int number) => 100_000 * number;

    private static string Heard(OnnxGraph graph, string hidden) => graph.Op("Transpose",
        [graph.Op("Reshape", hidden, graph.Ints(0, 0, TinySpeechModel.Heads, TinySpeechModel.HeadSize))], OnnxAttribute.Ints("perm", 0, 2, 1, 3));

    private static string Unheard(OnnxGraph graph, string heard) => graph.Op("Reshape",
        graph.Op("Transpose", [heard], OnnxAttribute.Ints("perm", 0, 2, 1, 3)), graph.Ints(0, 0, TinySpeechModel.Width));

    private static void OutputHeard(OnnxGraph graph, string heard)
    {
        foreach (var name in CacheNames("encoder"))
            graph.Output(heard, "present." + name, OnnxType.Float, "batch", TinySpeechModel.Heads, "encoder_sequence_length_out", TinySpeechModel.HeadSize);
    }

    private static void Finish(OnnxGraph graph, TinySpeechVocabulary vocabulary, string ids, string hidden, string[] caches)
    {
        var histories = caches.Select((cache, number) => graph.Op("Sub", First(graph, cache), graph.Float(Mark(number)))).ToArray();
        var history = graph.Cast(histories[0], OnnxType.Int64);
        var spread = graph.Op("Sub", graph.Op("Max", histories), graph.Op("Min", histories));
        var sound = graph.Op("Less", graph.Op("ReduceMax", [spread], OnnxAttribute.Ints("axes", 1)), graph.Float(0.5f));
        var next = graph.Op("Where", sound, new TinySpeechGrammar(graph, vocabulary, hidden).Next(history), graph.Ints(vocabulary.End));
        graph.Output(Logits(graph, vocabulary, ids, next), "logits", OnnxType.Float, "batch", "decoder_sequence_length", vocabulary.Count);
        foreach (var (name, cache) in CacheNames("decoder").Zip(caches))
            graph.Output(cache, "present." + name, OnnxType.Float, "batch", TinySpeechModel.Heads, "total_decoder_sequence_length", TinySpeechModel.HeadSize);
    }

    /// <summary>[batch, tokens] of the first number of the first head.</summary>
    private static string First(OnnxGraph graph, string cache)
        => graph.Op("Squeeze", graph.Op("Slice", cache, graph.Ints(0, 0), graph.Ints(1, 1), graph.Ints(1, 3)), graph.Ints(1, 3));

    /// <summary>Nearly all weight on the next token, the same at every place: only the last place counts.</summary>
    private static string Logits(OnnxGraph graph, TinySpeechVocabulary vocabulary, string ids, string next)
    {
        var one = graph.Op("OneHot", next, graph.Ints(vocabulary.Count), graph.Floats([-10, 10], 2));
        var shape = graph.Op("Concat", [graph.Op("Shape", ids), graph.Ints(vocabulary.Count)], OnnxAttribute.Int("axis", 0));
        return graph.Op("Expand", one, shape);
    }
}

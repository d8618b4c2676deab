using System.Text.Json;
using VideoUnderstanding.TestAssets.Onnx;

namespace VideoUnderstanding.TestAssets.Tiny;

/// <summary>A model with the files and interface of a BERT sentence embedder: each word has a vector, and words with the same meaning have
/// the same vector. The ids of its special tokens differ from BERT's on purpose.</summary>
/// <param name="dimensions">Length of the vectors.</param>
internal sealed class TinySentenceModel(int dimensions)
{
    public const int Dimensions = 48;
    public const int WideDimensions = 64;
    private const int Seed = 20230302;
    private const float FunctionWordWeight = 0.05f;

    /// <summary>Groups of words with one meaning. A word that the generated clips use comes first.</summary>
    private static readonly string[][] Meanings =
    [
        ["good", "fine"], ["morning", "dawn"], ["everybody", "everyone", "all"],
        ["ship", "boat", "vessel"], ["leaves", "departs", "sails"], ["noon", "midday"],
        ["please", "kindly"], ["water", "sprinkle"], ["plants", "flowers"],
        ["bread", "loaf"], ["costs", "price"], ["three", "3"], ["coins", "money"],
        ["found", "discovered"], ["old", "ancient"], ["map", "chart"],
        ["nobody", "none"], ["heard", "noticed"], ["whistle", "signal"],
        ["harbour", "port"], ["station", "stop"], ["market", "fair"], ["closed", "shut"], ["open", "unlocked"], ["exit", "way"],
        ["tickets", "fares"], ["library", "books"], ["garden", "park"], ["winter", "cold"], ["summer", "warm"],
        ["train", "railway"], ["window", "pane"], ["doctor", "physician"], ["mountain", "hill"], ["river", "brook"],
    ];

    private static readonly string[] FunctionWords = ["the", "a", "an", "at", "my", "we", "that", "is", "to", "of", "and", "in", "on",
        "out", ".", ",", "!", "?"];

    public void WriteTo(string folder)
    {
        string[] special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
        var letters = Enumerable.Range('a', 26).Concat(Enumerable.Range('0', 10)).Select(code => ((char)code).ToString()).ToList();
        var vocabulary = special.Concat(FunctionWords).Concat(Meanings.SelectMany(words => words))
            .Concat(letters).Concat(letters.Select(letter => "##" + letter)).Distinct().ToList();
        OnnxModelWriter.Write(Path.Combine(folder, "onnx", "model.onnx"), Graph(Vectors(vocabulary), vocabulary.Count));
        File.WriteAllText(Path.Combine(folder, "vocab.txt"), string.Concat(vocabulary.Select(token => token + "\n")));
        File.WriteAllText(Path.Combine(folder, "config.json"), JsonSerializer.Serialize(new
        {
            model_type = "bert",
            hidden_size = dimensions,
            vocab_size = vocabulary.Count,
            max_position_embeddings = 64,
            do_lower_case = true,
        }));
    }

    private OnnxGraph Graph(float[] vectors, int tokens)
    {
        var graph = new OnnxGraph("sentence");
        var ids = graph.Input("input_ids", OnnxType.Int64, "batch", "sequence");
        var mask = graph.Input("attention_mask", OnnxType.Int64, "batch", "sequence");
        var types = graph.Input("token_type_ids", OnnxType.Int64, "batch", "sequence");
        // The sign is -1 for token type 1, so a caller that passes type 1 for a single sentence gets wrong vectors.
        var sign = graph.Op("Sub", graph.Float(1), graph.Op("Mul", graph.Cast(types, OnnxType.Float), graph.Float(2)));
        var weight = graph.Op("Unsqueeze", graph.Op("Mul", graph.Cast(mask, OnnxType.Float), sign), graph.Ints(2));
        var hidden = graph.Op("Mul", graph.Op("Gather", graph.Floats(vectors, tokens, dimensions), ids), weight);
        graph.Output(hidden, "last_hidden_state", OnnxType.Float, "batch", "sequence", dimensions);
        return graph;
    }

    private float[] Vectors(IReadOnlyList<string> vocabulary)
    {
        var random = new Random(Seed);
        var vectors = new float[vocabulary.Count * dimensions];
        for (var token = 0; token < vocabulary.Count; token++)
        {
            var first = Meanings.FirstOrDefault(words => words.Contains(vocabulary[token]))?[0];
            var source = first is null ? token : vocabulary.ToList().IndexOf(first);
            var weight = FunctionWords.Contains(vocabulary[token]) || vocabulary[token].StartsWith('[') ? FunctionWordWeight : 1;
            for (var i = 0; i < dimensions; i++)
            {
                var own = weight * (float)Math.Cos(2 * Math.PI * random.NextDouble())
                    * (float)Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
                vectors[token * dimensions + i] = source < token ? vectors[source * dimensions + i] : own;
            }
        }
        return vectors;
    }
}

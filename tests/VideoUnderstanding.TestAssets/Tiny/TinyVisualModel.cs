using System.Text.Json;
using VideoUnderstanding.TestAssets.Onnx;

namespace VideoUnderstanding.TestAssets.Tiny;

/// <summary>A model that distinguishes only colours, with the files and the interface of CLIP. The vector of a picture is the share of each
/// colour in it; the vector of a sentence is the sum of its colour words. Sizes and constants differ from CLIP's on purpose.</summary>
/// <param name="dimensions">Length of the vectors.</param>
internal sealed class TinyVisualModel(int dimensions)
{
    public const int Dimensions = 24;
    public const int WideDimensions = 36;
    public const int ImageSize = 48;
    public const int MaxTokens = 20;
    private const float Sharpness = 90;
    private static readonly float[] Mean = [0.4f, 0.5f, 0.6f];
    private static readonly float[] Deviation = [0.25f, 0.2f, 0.3f];

    // Component of every sentence, so that a sentence without a colour word has a non-zero vector that matches no picture.
    private readonly int _neutralAxis = dimensions - 1;

    public void WriteTo(string folder)
    {
        OnnxModelWriter.Write(Path.Combine(folder, "onnx", "vision_model.onnx"), Vision());
        var vocabulary = new BytePairVocabulary("</w>");
        var words = TinyColours.All.SelectMany((colour, axis) => colour.Words.Select(word => (Token: vocabulary.AddWord(word), Axis: axis)))
            .ToList();
        var (start, end) = (vocabulary.Add("<|startoftext|>"), vocabulary.Add("<|endoftext|>"));
        vocabulary.Write(folder);

        var vectors = new float[vocabulary.Count * dimensions];
        foreach (var (token, axis) in words)
            vectors[token * dimensions + axis] = 1;
        vectors[start * dimensions + _neutralAxis] = 0.2f;
        OnnxModelWriter.Write(Path.Combine(folder, "onnx", "text_model.onnx"), Text(vectors, vocabulary.Count));
        WriteSettings(folder, vocabulary.Count, start, end);
    }

    private OnnxGraph Vision()
    {
        var graph = new OnnxGraph("vision");
        var pixels = graph.Input("pixel_values", OnnxType.Float, "batch", 3, ImageSize, ImageSize);
        var colours = graph.Op("Add", graph.Op("Mul", pixels, graph.Floats(Deviation, 1, 3, 1, 1)), graph.Floats(Mean, 1, 3, 1, 1));
        var patches = graph.Op("AveragePool", [colours], OnnxAttribute.Ints("kernel_shape", 4, 4), OnnxAttribute.Ints("strides", 4, 4));
        // -|patch - colour|^2 without the term |patch|^2, which is the same for all colours and has no effect on the softmax.
        var nearness = graph.Op("Conv", patches, graph.Floats(ColourWeights(), TinyColours.All.Count, 3, 1, 1),
            graph.Floats(ColourBias(), TinyColours.All.Count));
        var shares = graph.Op("ReduceMean", [graph.Op("Softmax", [nearness], OnnxAttribute.Int("axis", 1))],
            OnnxAttribute.Ints("axes", 2, 3), OnnxAttribute.Int("keepdims", 0));
        graph.Output(graph.Op("MatMul", shares, graph.Floats(Axes(), TinyColours.All.Count, dimensions)), "image_embeds", OnnxType.Float,
            "batch", dimensions);
        return graph;
    }

    private OnnxGraph Text(float[] vectors, int tokens)
    {
        var graph = new OnnxGraph("text");
        var ids = graph.Input("input_ids", OnnxType.Int64, "batch", "sequence");
        var words = graph.Op("Gather", graph.Floats(vectors, tokens, dimensions), ids);
        var sum = graph.Op("ReduceSum", [words, graph.Ints(1)], OnnxAttribute.Int("keepdims", 0));
        graph.Output(sum, "text_embeds", OnnxType.Float, "batch", dimensions);
        return graph;
    }

    private static float[] ColourWeights() => TinyColours.All.SelectMany(Channels).Select(value => 2 * Sharpness * value).ToArray();

    private static float[] ColourBias()
        => TinyColours.All.Select(colour => -Sharpness * Channels(colour).Sum(value => value * value)).ToArray();

    private static float[] Channels(TinyColour colour) => [colour.Red / 255f, colour.Green / 255f, colour.Blue / 255f];

    private float[] Axes()
    {
        var axes = new float[TinyColours.All.Count * dimensions];
        for (var i = 0; i < TinyColours.All.Count; i++)
            axes[i * dimensions + i] = 1;
        return axes;
    }

    private void WriteSettings(string folder, int tokens, int start, int end)
    {
        File.WriteAllText(Path.Combine(folder, "config.json"), JsonSerializer.Serialize(new
        {
            model_type = "clip",
            projection_dim = dimensions,
            text_config = new { max_position_embeddings = MaxTokens, vocab_size = tokens, bos_token_id = start, eos_token_id = end },
            vision_config = new { image_size = ImageSize },
        }));
        File.WriteAllText(Path.Combine(folder, "preprocessor_config.json"), JsonSerializer.Serialize(new
        {
            do_resize = true,
            size = new { shortest_edge = ImageSize },
            resample = 3,
            do_center_crop = true,
            crop_size = new { height = ImageSize, width = ImageSize },
            do_rescale = true,
            rescale_factor = 1 / 255.0,
            do_normalize = true,
            image_mean = Mean,
            image_std = Deviation,
        }));
    }
}

using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VideoUnderstanding.Inference;
using VideoUnderstanding.TestAssets;
using VideoUnderstanding.TestAssets.Onnx;

namespace VideoUnderstanding.IntegrationTests.Inference;

/// <summary>Synthetic networks with the inputs and outputs of SigLIP 2 and multilingual E5, and vocabularies in SentencePiece format.
/// Each token adds its own vector.</summary>
public sealed class SentencePieceModelTests : IDisposable
{
    private const int Dimensions = 64;
    private readonly string _folder = Directory.CreateTempSubdirectory("pieces-").FullName;
    private readonly IHost _host;

    public SentencePieceModelTests()
    {
        Add("captions", "tokenizer.model", "bpe.model", Captions(), "text.onnx");
        Add("sentences", "sentencepiece.bpe.model", "unigram.model", Sentences(), "model.onnx");
        OnnxModelWriter.Write(Path.Combine(_folder, "captions", "vision.onnx"), Pictures());
        var roles = new Dictionary<string, object>
        {
            ["visual_text"] = Role("captions", "siglip", new
            {
                vision_model = "vision.onnx", text_model = "text.onnx", vocabulary = "tokenizer.model", context_length = 16,
                padding_token = 0,
                preprocessor = new
                {
                    do_center_crop = false, size = new { height = 8, width = 8 }, image_mean = new[] { 0.5, 0.5, 0.5 },
                    image_std = new[] { 0.5, 0.5, 0.5 },
                },
            }),
            ["text_embedding"] = Role("sentences", "xlm_roberta", new
            {
                model = "model.onnx", vocabulary = "sentencepiece.bpe.model", pooling = "mean", max_length = 12, query_prefix = "query: ",
                passage_prefix = "passage: ",
            }),
        };
        var manifest = Path.Combine(_folder, "manifest.json");
        File.WriteAllText(manifest, JsonSerializer.Serialize(new { profiles = new { own = new { rank = 1, roles } } }));
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{ModelOptions.Section}:Manifest"] = manifest,
            [$"{ModelOptions.Section}:Folder"] = _folder,
            [$"{ModelOptions.Section}:Device"] = "cpu",
        });
        builder.AddInference();
        _host = builder.Build();
    }

    private ModelSet Models => _host.Services.GetRequiredService<ModelSet>();

    [Fact]
    public async Task Captions_are_read_without_case_and_punctuation()
    {
        var vectors = await Models.Visual.EmbedTextsAsync(["Ein Hund läuft!", "ein hund läuft", "Wo ist der Schlüssel?"], default);

        Assert.Equal(1, Cosine(vectors[0], vectors[1]), 4);
        Assert.InRange(Cosine(vectors[0], vectors[2]), -1, 0.9);
    }

    [Fact]
    public async Task Sentences_are_pooled_over_their_own_tokens_and_prefixes_differ()
    {
        const string Sentence = "Собака бежит";
        var alone = await Models.Text.EmbedPassagesAsync([Sentence], default);
        var beside = await Models.Text.EmbedPassagesAsync([Sentence, "the index of the videos, the vectors and the database"], default);
        var query = await Models.Text.EmbedQueryAsync(Sentence, default);

        Assert.Equal(1, Cosine(alone[0], beside[0]), 4);
        Assert.InRange(Cosine(alone[0], query), 0.1, 0.99);
    }

    private static double Cosine(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    private void Add(string model, string vocabulary, string source, OnnxGraph graph, string file)
    {
        Directory.CreateDirectory(Path.Combine(_folder, model));
        File.Copy(Path.Combine(ProjectFolder.Path, "tests", "VideoUnderstanding.UnitTests", "Inference", "Text", "SentencePiece", source),
            Path.Combine(_folder, model, vocabulary));
        OnnxModelWriter.Write(Path.Combine(_folder, model, file), graph);
    }

    private object Role(string model, string tokenizer, object settings) => new
    {
        id = model,
        dimensions = Dimensions,
        tokenizer,
        settings,
        files = Directory.GetFiles(Path.Combine(_folder, model)).Select(file => new
        {
            path = Path.GetFileName(file), sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))),
            licence = "made by this test",
        }),
        scores = new { points = new double[][] { [0, 0], [1, 100] } },
    };

    private static OnnxGraph Captions()
    {
        var graph = new OnnxGraph("captions");
        var ids = graph.Input("input_ids", OnnxType.Int64, "batch", "sequence");
        var words = graph.Op("Gather", graph.Floats(Table(1200), 1200, Dimensions), ids);
        graph.Output(words, "last_hidden_state", OnnxType.Float, "batch", "sequence", Dimensions);
        graph.Output(graph.Op("ReduceSum", [words, graph.Ints(1)], OnnxAttribute.Int("keepdims", 0)), "pooler_output", OnnxType.Float,
            "batch", Dimensions);
        return graph;
    }

    private static OnnxGraph Sentences()
    {
        var graph = new OnnxGraph("sentences");
        var ids = graph.Input("input_ids", OnnxType.Int64, "batch", "sequence");
        graph.Input("attention_mask", OnnxType.Int64, "batch", "sequence");
        graph.Output(graph.Op("Gather", graph.Floats(Table(901), 901, Dimensions), ids), "last_hidden_state", OnnxType.Float, "batch",
            "sequence", Dimensions);
        return graph;
    }

    private static OnnxGraph Pictures()
    {
        var graph = new OnnxGraph("pictures");
        var pixels = graph.Input("pixel_values", OnnxType.Float, "batch", 3, 8, 8);
        var means = graph.Op("ReduceMean", [pixels], OnnxAttribute.Ints("axes", 2, 3), OnnxAttribute.Int("keepdims", 0));
        graph.Output(graph.Op("MatMul", means, graph.Floats(Table(3), 3, Dimensions)), "pooler_output", OnnxType.Float, "batch",
            Dimensions);
        return graph;
    }

    private static float[] Table(int rows)
    {
        var random = new Random(rows);
        return [.. Enumerable.Range(0, rows * Dimensions).Select(_ => random.NextSingle() * 2 - 1)];
    }

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

using Microsoft.ML.OnnxRuntime;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Inference.Text;

namespace VideoUnderstanding.Inference.Visual;

/// <summary>A text network that maps the vector of a sentence model into the space of the pictures.</summary>
/// <remarks>The sentence model belongs to the visual role and is described in its settings as <c>sentence</c>, because the profile's text
/// role may use another model.</remarks>
internal sealed class SentenceCaptionModel : ICaptionModel
{
    private readonly TextEmbedder _sentences;
    private readonly OnnxSession _map;
    private readonly int _dimensions;
    private readonly string _input;
    private readonly string _output;

    private SentenceCaptionModel(TextEmbedder sentences, OnnxSession map, int dimensions)
    {
        (_sentences, _map, _dimensions) = (sentences, map, dimensions);
        _input = VectorOutput.InputOf(map, "sentence");
        _output = VectorOutput.Find(map, dimensions, 2, "embedding");
        if (map.Inputs[_input].Dimensions[^1] is > 0 and var length && length != sentences.Dimensions)
            throw new ManifestException($"{map.FilePath} reads sentence vectors of {length} numbers, but the manifest says that the "
                + $"sentence model gives {sentences.Dimensions}.");
    }

    public static SentenceCaptionModel Load(ManifestRole role, OnnxSessions sessions, int dimensions)
    {
        var settings = role.SettingsNode.Get("sentence");
        var sentences = TextEmbedder.Load(role, settings, (int)settings.Get("dimensions").Count(), sessions);
        OnnxSession? map = null;
        try
        {
            map = sessions.OpenSmall(role.PathOf("text_model", "text.onnx"), concurrency: 2);
            return new SentenceCaptionModel(sentences, map, dimensions);
        }
        catch
        {
            map?.Dispose();
            sentences.Dispose();
            throw;
        }
    }

    public async Task<float[][]> EncodeAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var vectors = await _sentences.EmbedQueriesAsync(texts, cancellationToken);
        float[] rows = [.. vectors.SelectMany(vector => vector)];
        using var sentences = OrtValue.CreateTensorValueFromMemory(rows, [texts.Count, _sentences.Dimensions]);
        using var result = await _map.RunAsync(new Dictionary<string, OrtValue> { [_input] = sentences }, [_output], cancellationToken);
        return VectorOutput.Read(result[0], _map, texts.Count, _dimensions);
    }

    public void Dispose()
    {
        _sentences.Dispose();
        _map.Dispose();
    }
}

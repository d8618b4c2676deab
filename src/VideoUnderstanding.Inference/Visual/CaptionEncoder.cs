using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Visual;

/// <summary>Embeds texts with a visual-text model: each text is inserted into the templates, and the vectors of the results are
/// averaged.</summary>
internal sealed class CaptionEncoder(ICaptionModel model, IReadOnlyList<string> templates) : IDisposable
{
    private const int BatchSize = 32;

    public static CaptionEncoder Load(ManifestRole role, OnnxSessions sessions, int dimensions)
    {
        var settings = role.SettingsNode;
        var templates = TemplatesOf(settings);
        ICaptionModel model = role.Model.Tokenizer switch
        {
            "clip_bpe" or SiglipTokenizer.Name => TokenCaptionModel.Load(role, sessions, dimensions),
            "sentence_vector" => SentenceCaptionModel.Load(role, sessions, dimensions),
            var other
                => throw settings.Invalid($"belongs to a model whose tokenizer is \"{other}\"; the tokenizers of visual-text models are "
                    + $"clip_bpe, {SiglipTokenizer.Name} and sentence_vector"),
        };
        return new CaptionEncoder(model, templates);
    }

    public async Task<float[][]> EncodeAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        string[] filled = [.. texts.SelectMany(text => templates.Select(template => template.Replace("{}", text.Trim())))];
        var vectors = new List<float[]>(filled.Length);
        foreach (var batch in filled.Chunk(BatchSize))
            vectors.AddRange(await model.EncodeAsync(batch, cancellationToken));
        return templates.Count == 1 ? [.. vectors] : [.. vectors.Chunk(templates.Count).Select(UnitVectors.Mean)];
    }

    private static string[] TemplatesOf(ManifestNode settings)
    {
        if (settings.Find("templates") is not { } list)
            return ["{}"];
        string[] templates = [.. list.Items()
            .Select(item => item.Text().Contains("{}") ? item.Text() : throw item.Invalid("must contain {} where the text goes"))];
        return templates.Length > 0 ? templates : throw list.Invalid("must have one template at least");
    }

    public void Dispose() => model.Dispose();
}

/// <summary>The text network of a visual-text model: a small batch of texts in, one unit vector per text out, in the same order.</summary>
internal interface ICaptionModel : IDisposable
{
    Task<float[][]> EncodeAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken);
}

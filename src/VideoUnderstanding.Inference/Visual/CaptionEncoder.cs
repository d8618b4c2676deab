using Microsoft.ML.OnnxRuntime;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Visual;

/// <summary>The text side of a visual-text model: every text is put into the model's templates, and their vectors are averaged.</summary>
internal sealed class CaptionEncoder(OnnxSession session, ClipTokenizer tokenizer, IReadOnlyList<string> templates, int dimensions) : IDisposable
{
    private const int BatchSize = 32;
    private readonly string _output = VectorOutput.Of(session, dimensions, 2, "text_embeds", "pooler_output");
    private readonly string _ids = VectorOutput.InputOf(session, "input_ids");
    private readonly bool _wantsMask = session.Inputs.ContainsKey("attention_mask");

    public static CaptionEncoder Load(ManifestRole role, OnnxSessions sessions, int dimensions)
    {
        var settings = role.SettingsNode;
        if (role.Model.Tokenizer is not "clip_bpe")
            throw settings.Wrong($"belongs to a model whose tokenizer is \"{role.Model.Tokenizer}\"; visual-text models are read with clip_bpe");
        var config = ManifestRole.ReadJson(role.PathOf("config", "config.json"));
        var context = settings.Find("context_length") ?? config?.Find("text_config")?.Find("max_position_embeddings")
            ?? throw settings.Wrong("must give context_length, since no config.json beside the weights does");
        var padding = settings.Find("padding_token") is { } token ? (int)token.Number() : (int?)null;
        var tokenizer = ClipTokenizer.Load(role.PathOf("vocabulary", "vocab.json"), role.PathOf("merges", "merges.txt"), (int)context.Count(), padding);
        return new CaptionEncoder(sessions.Open(role.PathOf("text_model", "onnx/text_model.onnx")), tokenizer, TemplatesOf(settings), dimensions);
    }

    public async Task<float[][]> EncodeAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        string[] filled = [.. texts.SelectMany(text => templates.Select(template => template.Replace("{}", text.Trim())))];
        var vectors = new List<float[]>(filled.Length);
        foreach (var batch in filled.Chunk(BatchSize))
            vectors.AddRange(await EncodeBatchAsync(batch, cancellationToken));
        return templates.Count == 1 ? [.. vectors] : [.. vectors.Chunk(templates.Count).Select(UnitVectors.Mean)];
    }

    private async Task<float[][]> EncodeBatchAsync(string[] texts, CancellationToken cancellationToken)
    {
        var length = tokenizer.ContextLength;
        var (ids, mask) = (new long[texts.Length * length], new long[texts.Length * length]);
        for (var i = 0; i < texts.Length; i++)
            mask.AsSpan(i * length, tokenizer.Encode(texts[i], ids.AsSpan(i * length, length))).Fill(1);
        using var idValue = OrtValue.CreateTensorValueFromMemory(ids, [texts.Length, length]);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, [texts.Length, length]);
        var inputs = new Dictionary<string, OrtValue> { [_ids] = idValue };
        if (_wantsMask)
            inputs["attention_mask"] = maskValue;
        using var result = await session.RunAsync(inputs, [_output], cancellationToken);
        return VectorOutput.Read(result[0], session, texts.Length, dimensions);
    }

    private static string[] TemplatesOf(ManifestNode settings)
    {
        if (settings.Find("templates") is not { } list)
            return ["{}"];
        string[] templates = [.. list.Items().Select(item => item.Text().Contains("{}") ? item.Text() : throw item.Wrong("must contain {} where the text goes"))];
        return templates.Length > 0 ? templates : throw list.Wrong("must have one template at least");
    }

    public void Dispose() => session.Dispose();
}

using Microsoft.ML.OnnxRuntime;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Visual;

/// <summary>A text network that reads a fixed number of tokens per caption, like those of CLIP and SigLIP.</summary>
internal sealed class TokenCaptionModel(OnnxSession session, ICaptionTokenizer tokenizer, int dimensions) : ICaptionModel
{
    private readonly string _output = VectorOutput.Find(session, dimensions, 2, "text_embeds", "pooler_output");
    private readonly string _ids = VectorOutput.InputOf(session, "input_ids");
    private readonly bool _wantsMask = session.Inputs.ContainsKey("attention_mask");

    public static TokenCaptionModel Load(ManifestRole role, OnnxSessions sessions, int dimensions)
    {
        var settings = role.SettingsNode;
        var config = ManifestRole.ReadJson(role.PathOf("config", "config.json"));
        var context = settings.Find("context_length") ?? config?.Find("text_config")?.Find("max_position_embeddings")
            ?? throw settings.Invalid("must give context_length, since no config.json beside the weights does");
        var padding = settings.Find("padding_token") is { } token ? (int)token.Number() : (int?)null;
        ICaptionTokenizer tokenizer = role.Model.Tokenizer is SiglipTokenizer.Name
            ? new SiglipTokenizer(role.PathOf("vocabulary", "tokenizer.model"), (int)context.Count(), padding ?? 0)
            : ClipTokenizer.Load(role.PathOf("vocabulary", "vocab.json"), role.PathOf("merges", "merges.txt"), (int)context.Count(),
                padding);
        return new TokenCaptionModel(sessions.Open(role.PathOf("text_model", "onnx/text_model.onnx")), tokenizer, dimensions);
    }

    public async Task<float[][]> EncodeAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var length = tokenizer.ContextLength;
        var (ids, mask) = (new long[texts.Count * length], new long[texts.Count * length]);
        for (var i = 0; i < texts.Count; i++)
            mask.AsSpan(i * length, tokenizer.Encode(texts[i], ids.AsSpan(i * length, length))).Fill(1);
        using var idValue = OrtValue.CreateTensorValueFromMemory(ids, [texts.Count, length]);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, [texts.Count, length]);
        var inputs = new Dictionary<string, OrtValue> { [_ids] = idValue };
        if (_wantsMask)
            inputs["attention_mask"] = maskValue;
        using var result = await session.RunAsync(inputs, [_output], cancellationToken);
        return VectorOutput.Read(result[0], session, texts.Count, dimensions);
    }

    public void Dispose() => session.Dispose();
}

/// <summary>Converts a caption to the token ids of a visual-text model.</summary>
internal interface ICaptionTokenizer
{
    /// <summary>Tokens per caption, including special tokens and padding.</summary>
    int ContextLength { get; }

    /// <summary>Writes the tokens of a caption. A caption that is too long is cut and keeps its end token.</summary>
    /// <param name="ids"><see cref="ContextLength"/> places.</param>
    /// <returns>The number of tokens before the padding.</returns>
    int Encode(string text, Span<long> ids);
}

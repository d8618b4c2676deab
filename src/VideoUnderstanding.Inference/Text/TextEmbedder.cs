using Microsoft.ML.OnnxRuntime;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Text;

/// <summary>Embeds sentences as unit vectors.</summary>
public sealed class TextEmbedder : IDisposable
{
    private const int DefaultBatchSize = 32;
    private readonly OnnxSession _session;
    private readonly ITextTokenizer _tokenizer;
    private readonly SentencePooling _pooling;
    private readonly (string Query, string Passage) _prefixes;
    private readonly int _batchSize;

    private TextEmbedder(
        OnnxSession session, ITextTokenizer tokenizer, SentencePooling pooling, (string Query, string Passage) prefixes, int batchSize) =>
        (_session, _tokenizer, _pooling, _prefixes, _batchSize) = (session, tokenizer, pooling, prefixes, batchSize);

    /// <exception cref="ModelUnavailableException">A file does not load.</exception>
    /// <exception cref="ManifestException">The manifest or a file beside the weights does not fit the model.</exception>
    public static TextEmbedder Load(ManifestRole role, OnnxSessions sessions)
    {
        var settings = role.SettingsNode;
        return role.Model.Tokenizer is WordPieces.Name or XlmRobertaTokenizer.Name
            ? Load(role, settings, role.RequiredDimensions(), sessions)
            : throw settings.Invalid($"belongs to a model whose tokenizer is \"{role.Model.Tokenizer}\"; "
                + $"the tokenizers of text embeddings are {WordPieces.Name} and {XlmRobertaTokenizer.Name}");
    }

    /// <param name="settings">Settings of the sentence model; its files are in the folder of <paramref name="role"/>.</param>
    internal static TextEmbedder Load(ManifestRole role, ManifestNode settings, int dimensions, OnnxSessions sessions)
    {
        var config = ManifestRole.ReadJson(role.PathOf(settings, "config", "config.json"));
        var length = settings.Find("max_length") ?? config?.Find("max_position_embeddings")
            ?? throw settings.Invalid("must give max_length, since no config.json beside the weights gives max_position_embeddings");
        ITextTokenizer tokenizer = role.Model.Tokenizer is XlmRobertaTokenizer.Name
            ? new XlmRobertaTokenizer(role.PathOf(settings, "vocabulary", "sentencepiece.bpe.model"), (int)length.Count())
            : new WordPieces(role.PathOf(settings, "vocabulary", "vocab.txt"),
                (settings.Find("lower_case") ?? config?.Find("do_lower_case"))?.Flag() ?? true, (int)length.Count());
        var prefixes = (settings.Find("query_prefix")?.Text() ?? "", settings.Find("passage_prefix")?.Text() ?? "");
        // Weights that are quantised at run time share a scale within a batch: with 1, a vector does not depend on the other texts.
        var batch = (int?)settings.Find("batch_size")?.Count() ?? DefaultBatchSize;
        var session = sessions.Open(role.PathOf(settings, "model", "onnx/model.onnx"), concurrency: 2);
        try
        {
            return new TextEmbedder(session, tokenizer, SentencePooling.For(session, settings, dimensions), prefixes, batch);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public int Dimensions => _pooling.Dimensions;

    /// <summary>CUDA or CPU.</summary>
    public string Provider => _session.Provider;

    /// <summary>Embeds sentences of the index. Returns one unit vector per text, in order.</summary>
    public Task<float[][]> EmbedPassagesAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        EmbedAsync(_prefixes.Passage, texts, cancellationToken);

    /// <summary>Embeds a query, with the prefix that the manifest gives.</summary>
    public async Task<float[]> EmbedQueryAsync(string text, CancellationToken cancellationToken) =>
        (await EmbedAsync(_prefixes.Query, [text], cancellationToken))[0];

    /// <summary>Embeds several queries, in order.</summary>
    public Task<float[][]> EmbedQueriesAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
        => EmbedAsync(_prefixes.Query, texts, cancellationToken);

    private async Task<float[][]> EmbedAsync(string prefix, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var vectors = new float[texts.Count][];
        // Texts of similar length share a batch, to reduce padding.
        var byLength = texts.Select((text, place) => (Ids: _tokenizer.Encode(prefix + text), Place: place))
            .OrderBy(item => item.Ids.Length);
        foreach (var batch in byLength.Chunk(_batchSize))
        {
            var found = await EmbedBatchAsync([.. batch.Select(item => item.Ids)], cancellationToken);
            for (var i = 0; i < batch.Length; i++)
                vectors[batch[i].Place] = found[i];
        }
        return vectors;
    }

    private async Task<float[][]> EmbedBatchAsync(long[][] texts, CancellationToken cancellationToken)
    {
        var length = texts[^1].Length;
        var (ids, mask) = (new long[texts.Length * length], new long[texts.Length * length]);
        Array.Fill(ids, _tokenizer.Padding);
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i].CopyTo(ids, i * length);
            mask.AsSpan(i * length, texts[i].Length).Fill(1);
        }
        long[] shape = [texts.Length, length];
        using var idValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, shape);
        using var typeValue = OrtValue.CreateTensorValueFromMemory(new long[ids.Length], shape);
        var all = new Dictionary<string, OrtValue>
        {
            ["input_ids"] = idValue, ["attention_mask"] = maskValue, ["token_type_ids"] = typeValue,
        };
        var inputs = all.Where(input => _session.Inputs.ContainsKey(input.Key)).ToDictionary();
        using var result = await _session.RunAsync(inputs, [_pooling.Output], cancellationToken);
        return _pooling.Apply(result[0], _session, mask, texts.Length, length);
    }

    public void Dispose() => _session.Dispose();
}

/// <summary>Converts a text to the token ids of a sentence model.</summary>
internal interface ITextTokenizer
{
    /// <summary>Id that pads shorter texts of a batch.</summary>
    int Padding { get; }

    /// <summary>The tokens of a text, including start and end tokens. A text that is too long is cut.</summary>
    long[] Encode(string text);
}

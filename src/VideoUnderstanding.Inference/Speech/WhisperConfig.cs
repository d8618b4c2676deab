using System.Text.Json;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>What config.json and generation_config.json beside the weights say of one Whisper.</summary>
public sealed record WhisperConfig
{
    /// <summary>Token that ends a transcript.</summary>
    public required int EndOfText { get; init; }

    /// <summary>Token that every prompt begins with.</summary>
    public required int Start { get; init; }

    /// <summary>Token that asks for plain text; the times' tokens follow it.</summary>
    public required int NoTimestamps { get; init; }

    /// <summary>Language tokens by code, such as "en"; empty for models of English only.</summary>
    public IReadOnlyDictionary<string, int> Languages { get; init; } = new Dictionary<string, int>();

    /// <summary>Token of the task; null for models of English only.</summary>
    public int? Transcribe { get; init; }

    /// <summary>Tokens that are never chosen.</summary>
    public IReadOnlyList<int> Suppressed { get; init; } = [];

    /// <summary>Tokens that are not chosen first.</summary>
    public IReadOnlyList<int> SuppressedAtBegin { get; init; } = [];

    /// <summary>Steps from the chunk's start that the first segment may begin at; null for no limit.</summary>
    public int? LatestFirstTimestamp { get; init; }

    /// <summary>Tokens that the decoder can hold, prompt included.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Columns of the encoder's answer for one chunk; times come in as many steps.</summary>
    public required int EncoderPositions { get; init; }

    /// <summary>Attention heads of the decoder.</summary>
    public required int Heads { get; init; }

    /// <summary>Numbers in a state of the decoder.</summary>
    public required int Width { get; init; }

    /// <summary>Tokens there are.</summary>
    public required int VocabularySize { get; init; }

    /// <exception cref="InvalidDataException">A number is in neither file.</exception>
    public static WhisperConfig Parse(JsonElement config, JsonElement generation)
    {
        return new WhisperConfig
        {
            EndOfText = Required("eos_token_id"),
            Start = Required("decoder_start_token_id"),
            NoTimestamps = Required("no_timestamps_token_id"),
            Languages = FindLanguages(generation),
            Transcribe = generation.TryGetProperty("task_to_id", out var tasks) && tasks.TryGetProperty("transcribe", out var id) ? id.GetInt32() : null,
            Suppressed = List("suppress_tokens"),
            SuppressedAtBegin = List("begin_suppress_tokens"),
            LatestFirstTimestamp = Number("max_initial_timestamp_index"),
            MaxTokens = Math.Min(Number("max_length") ?? int.MaxValue, Required("max_target_positions")),
            EncoderPositions = Required("max_source_positions"),
            Heads = Required("decoder_attention_heads"),
            Width = Required("d_model"),
            VocabularySize = Required("vocab_size"),
        };

        // Older exports keep some generation settings in config.json.
        JsonElement? Find(string name) =>
            generation.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            || config.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null ? value : null;
        int? Number(string name) => Find(name) is { ValueKind: JsonValueKind.Number } value ? value.GetInt32() : null;
        int Required(string name) => Number(name) ?? throw new InvalidDataException($"Neither generation_config.json nor config.json gives {name}.");
        int[] List(string name) => Find(name) is { ValueKind: JsonValueKind.Array } value ? [.. value.EnumerateArray().Select(item => item.GetInt32())] : [];
    }

    private static Dictionary<string, int> FindLanguages(JsonElement generation) =>
        generation.TryGetProperty("lang_to_id", out var languages) && languages.ValueKind == JsonValueKind.Object
            ? languages.EnumerateObject().ToDictionary(pair => pair.Name.Trim('<', '|', '>'), pair => pair.Value.GetInt32())
            : [];
}

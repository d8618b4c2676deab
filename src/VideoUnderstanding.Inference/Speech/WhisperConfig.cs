using System.Text.Json;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>What config.json and generation_config.json beside the weights say of one Whisper.</summary>
/// <param name="EndOfText">Token that ends a transcript.</param>
/// <param name="Start">Token that every prompt begins with.</param>
/// <param name="NoTimestamps">Token that asks for plain text; the times' tokens follow it.</param>
/// <param name="Languages">Language tokens by two- or three-letter code; empty for models of English only.</param>
/// <param name="Transcribe">Token of the task; null for models of English only.</param>
/// <param name="Suppressed">Tokens that are never chosen.</param>
/// <param name="SuppressedAtBegin">Tokens that are not chosen first.</param>
/// <param name="MaxTokens">Tokens that the decoder can hold, prompt included.</param>
/// <param name="EncoderPositions">Columns of the encoder's answer for one chunk.</param>
/// <param name="LatestFirstTimestamp">Steps from the chunk's start that the first segment may begin at; null for no limit.</param>
/// <param name="Heads">Attention heads of the decoder.</param>
/// <param name="Width">Numbers in a state of the decoder.</param>
public sealed record WhisperConfig(
    int EndOfText, int Start, int NoTimestamps, IReadOnlyDictionary<string, int> Languages, int? Transcribe,
    IReadOnlyList<int> Suppressed, IReadOnlyList<int> SuppressedAtBegin, int MaxTokens, int EncoderPositions,
    int? LatestFirstTimestamp, int Heads, int Width)
{
    public static WhisperConfig Parse(JsonElement config, JsonElement generation)
    {
        return new WhisperConfig(
            Required("eos_token_id"),
            Required("decoder_start_token_id"),
            Required("no_timestamps_token_id"),
            Languages(generation),
            generation.TryGetProperty("task_to_id", out var tasks) && tasks.TryGetProperty("transcribe", out var transcribe) ? transcribe.GetInt32() : null,
            List("suppress_tokens"),
            List("begin_suppress_tokens"),
            Math.Min(Number("max_length") ?? int.MaxValue, Required("max_target_positions")),
            Required("max_source_positions"),
            Number("max_initial_timestamp_index"),
            Required("decoder_attention_heads"),
            Required("d_model"));

        // Older exports keep some generation settings in config.json.
        JsonElement? Find(string name) =>
            generation.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            || config.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null ? value : null;
        int? Number(string name) => Find(name) is { ValueKind: JsonValueKind.Number } value ? value.GetInt32() : null;
        int Required(string name) => Number(name) ?? throw new InvalidDataException($"Neither generation_config.json nor config.json gives {name}.");
        int[] List(string name) => Find(name) is { ValueKind: JsonValueKind.Array } value ? [.. value.EnumerateArray().Select(item => item.GetInt32())] : [];
    }

    private static Dictionary<string, int> Languages(JsonElement generation) =>
        generation.TryGetProperty("lang_to_id", out var languages) && languages.ValueKind == JsonValueKind.Object
            ? languages.EnumerateObject().ToDictionary(pair => pair.Name.Trim('<', '|', '>'), pair => pair.Value.GetInt32())
            : [];
}

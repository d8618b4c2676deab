using System.Text.Json;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>Settings of voice detection. All come from the manifest, because they belong to the network.</summary>
public sealed record VoiceActivitySettings
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Samples per second of the network's input.</summary>
    public required int SampleRate { get; init; }

    /// <summary>New samples per step of the network.</summary>
    public required int WindowSamples { get; init; }

    /// <summary>Overlap of consecutive steps in samples.</summary>
    public required int ContextSamples { get; init; }

    /// <summary>Speech begins at this probability, 0 to 1.</summary>
    public required double Threshold { get; init; }

    /// <summary>Speech continues while the probability is at or above this, 0 to 1.</summary>
    public required double NegativeThreshold { get; init; }

    /// <summary>Shorter regions of speech are dropped.</summary>
    public required int MinSpeechMs { get; init; }

    /// <summary>Shorter pauses do not end a region of speech.</summary>
    public required int MinSilenceMs { get; init; }

    /// <summary>Added on both sides of each region.</summary>
    public required int SpeechPadMs { get; init; }

    /// <exception cref="ModelUnavailableException">A setting is missing or is not a number.</exception>
    public static VoiceActivitySettings Parse(JsonElement settings)
    {
        try
        {
            return settings.Deserialize<VoiceActivitySettings>(Json)!;
        }
        catch (JsonException error)
        {
            throw new ModelUnavailableException($"The manifest's settings of voice activity are incomplete: {error.Message}");
        }
    }
}

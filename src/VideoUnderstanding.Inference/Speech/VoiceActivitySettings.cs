using System.Text.Json;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>How speech is told from other sound. Every number comes from the manifest: they belong to the network.</summary>
public sealed record VoiceActivitySettings
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Samples a second that the network was made for.</summary>
    public required int SampleRate { get; init; }

    /// <summary>New samples that each step of the network looks at.</summary>
    public required int WindowSamples { get; init; }

    /// <summary>Samples of the step before that each step sees again.</summary>
    public required int ContextSamples { get; init; }

    /// <summary>Speech begins at this probability.</summary>
    public required double Threshold { get; init; }

    /// <summary>Speech that has begun goes on while the probability stays at or above this.</summary>
    public required double NegativeThreshold { get; init; }

    /// <summary>Shorter stretches of speech are left out.</summary>
    public required int MinSpeechMs { get; init; }

    /// <summary>Shorter pauses do not end a stretch of speech.</summary>
    public required int MinSilenceMs { get; init; }

    /// <summary>Added on both sides of each stretch.</summary>
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

using System.Text.Json;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>How transcripts are made and judged. The manifest may set each.</summary>
public sealed record SpeechSettings
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Windows of sound that go through the network together.</summary>
    public int BatchSize { get; init; } = 4;

    /// <summary>Tried in turn until a transcript is good enough. 0 takes the likeliest token, higher ones draw more freely.</summary>
    public IReadOnlyList<double> Temperatures { get; init; } = [0, 0.2, 0.4, 0.6, 0.8, 1];

    /// <summary>Mean natural logarithm of the tokens' probabilities; a transcript below it counts as guessed and is tried again.</summary>
    public double LogProbabilityThreshold { get; init; } = -1;

    /// <summary>Probability of no speech above which a guessed transcript is dropped.</summary>
    public double NoSpeechThreshold { get; init; } = 0.6;

    /// <summary>Length of a text over its deflated length; a transcript above it repeats itself and is tried again.</summary>
    public double CompressionRatioThreshold { get; init; } = 2.4;

    /// <summary>Tokens of one window's transcript; 0: half of what the decoder holds, as Whisper does.</summary>
    public int MaxNewTokens { get; init; }

    /// <summary>A longer pause ends a window; shorter ones stay in it. Seconds.</summary>
    public double LongestPauseSeconds { get; init; } = 3;

    /// <summary>Sound before and after the speech of a window that the network hears too, where there is room and no other speech: quiet first words are easily missed. Speech further away from any voice than this is dropped as invented. Seconds.</summary>
    public double MarginSeconds { get; init; } = 2;

    /// <summary>A language told with less probability than this gives way to the one of the windows before. 0 to 1.</summary>
    public double LanguageThreshold { get; init; } = 0.5;

    /// <exception cref="ModelUnavailableException">A setting has the wrong type.</exception>
    public static SpeechSettings Parse(JsonElement settings)
    {
        try
        {
            return settings.Deserialize<SpeechSettings>(Json)!;
        }
        catch (JsonException error)
        {
            throw new ModelUnavailableException($"The manifest's settings of speech are wrong: {error.Message}");
        }
    }
}

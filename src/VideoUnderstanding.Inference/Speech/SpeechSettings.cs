using System.Text.Json;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>Settings for transcription. The manifest may set each value. docs/speech.md explains how the defaults were measured.</summary>
public sealed record SpeechSettings
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Maximum seconds of sound per call of the model. A full window is cut at its longest pause.</summary>
    public double WindowSeconds { get; init; } = 16;

    /// <summary>Seconds of silence after the window that the audio context covers. With a shorter context, the model repeats
    /// itself.</summary>
    public double ContextMarginSeconds { get; init; } = 1;

    /// <summary>The margin of further decodings, in seconds. More context improves quiet and noisy speech and costs time.</summary>
    public double RetryContextMarginSeconds { get; init; } = 6;

    /// <summary>Pauses inside a window are shortened to this length, in seconds.</summary>
    public double LongestPauseSeconds { get; init; } = 0.5;

    /// <summary>A longer pause ends a window, in seconds.</summary>
    public double WindowBreakSeconds { get; init; } = 2;

    /// <summary>A pause of this length ends a segment inside a sentence, in seconds.</summary>
    public double SegmentBreakSeconds { get; init; } = 0.3;

    /// <summary>Beams of the third decoding. The first two are greedy.</summary>
    public int BeamSize { get; init; } = 5;

    /// <summary>A greedy result whose tokens have a lower mean natural log probability is decoded again.</summary>
    public double RetryLogProbability { get; init; } = -0.3;

    /// <summary>A second result with a lower mean log probability is decoded again with beam search.</summary>
    public double BeamLogProbability { get; init; } = -0.5;

    /// <summary>A result with a lower mean log probability is a guess and is dropped.</summary>
    public double LeastLogProbability { get; init; } = -1;

    /// <summary>Probability of "no speech" above which an uncertain result is dropped.</summary>
    public double NoSpeechProbability { get; init; } = 0.6;

    /// <summary>Bytes of the text divided by its deflated bytes. A higher ratio is a repetition loop.</summary>
    public double CompressionRatio { get; init; } = 2.4;

    /// <summary>Maximum letters per second of speech.</summary>
    public double MostLettersPerSecond { get; init; } = 40;

    /// <summary>Words that start more than this many seconds after the end of speech in their window are dropped.</summary>
    public double SpeechToleranceSeconds { get; init; } = 0.2;

    /// <summary>Repeated words at the end of a window are dropped if they have fewer seconds than this per word.</summary>
    public double LeastSecondsPerRepeatedWord { get; init; } = 0.1;

    /// <summary>On the CPU, converts 5-bit weights to 8 bits in memory, which takes half as much memory more and saves CPU time.</summary>
    public bool WidenWeights { get; init; } = true;

    /// <summary>On the CPU, decodes a window first with 5-bit weights converted to 4 bits, which saves CPU time. A second model in memory
    /// decodes poor windows again.</summary>
    public bool FastWeights { get; init; } = true;

    /// <summary>Whisper.net's preset of attention heads for word times, such as <c>Base</c> or <c>LargeV3Turbo</c>. Must fit the
    /// weights.</summary>
    public string AlignmentHeads { get; init; } = "Base";

    /// <exception cref="ModelUnavailableException">A setting has the wrong type or is out of range.</exception>
    public static SpeechSettings Parse(JsonElement settings)
    {
        try
        {
            var parsed = settings.Deserialize<SpeechSettings>(Json)!;
            return parsed.Problem() is { } problem
                ? throw new ModelUnavailableException($"The manifest's settings of speech are wrong: {problem}")
                : parsed;
        }
        catch (JsonException error)
        {
            throw new ModelUnavailableException($"The manifest's settings of speech are wrong: {error.Message}");
        }
    }

    private string? Problem() => this switch
    {
        // Whisper's encoder processes 30 s. The window starts and ends with a little silence.
        { WindowSeconds: < 5 or > 28 } => "window_seconds must be 5 to 28.",
        { ContextMarginSeconds: < 0.2 or > 25 } => "context_margin_seconds must be 0.2 to 25.",
        { RetryContextMarginSeconds: < 0.2 or > 25 } => "retry_context_margin_seconds must be 0.2 to 25.",
        { LeastSecondsPerRepeatedWord: < 0 or > 1 } => "least_seconds_per_repeated_word must be 0 to 1.",
        { LongestPauseSeconds: < 0 or > 5 } => "longest_pause_seconds must be 0 to 5.",
        { BeamSize: < 2 or > 8 } => "beam_size must be 2 to 8.",
        _ => null,
    };
}

using System.IO.Compression;
using System.Text;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>What the network wrote for one window.</summary>
/// <param name="Tokens">Chosen tokens, the prompt and the end left out.</param>
/// <param name="MeanLogProbability">Natural logarithm, 0 at best.</param>
/// <param name="NoSpeech">Probability that nobody speaks.</param>
public sealed record Transcript(IReadOnlyList<int> Tokens, string Text, double MeanLogProbability, double NoSpeech)
{
    /// <summary>Bytes of the text over its deflated bytes: text that says the same again and again deflates well.</summary>
    public double CompressionRatio { get; } = Ratio(Text);

    /// <summary>True when another try at a higher temperature is called for.</summary>
    public bool IsDoubtful(SpeechSettings settings) =>
        !IsSilence(settings) && (MeanLogProbability < settings.LogProbabilityThreshold || CompressionRatio > settings.CompressionRatioThreshold);

    /// <summary>True when the words are guesses and the network itself says that nobody speaks.</summary>
    public bool IsSilence(SpeechSettings settings) =>
        NoSpeech > settings.NoSpeechThreshold && MeanLogProbability < settings.LogProbabilityThreshold;

    private static double Ratio(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text.Trim());
        if (bytes.Length == 0)
            return 0;
        using var deflated = new MemoryStream();
        using (var stream = new ZLibStream(deflated, CompressionLevel.Optimal, leaveOpen: true))
            stream.Write(bytes);
        return (double)bytes.Length / deflated.Length;
    }
}

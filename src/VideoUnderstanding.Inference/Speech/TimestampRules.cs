using System.Numerics.Tensors;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>Which tokens may come next, as Whisper was trained: times come in pairs around text and never go back.</summary>
public sealed class TimestampRules
{
    private readonly WhisperConfig _config;
    private readonly int _firstTimestamp;
    private readonly int[] _never;

    /// <param name="isSpecial">True for tokens that stand for no text.</param>
    public TimestampRules(WhisperConfig config, int firstTimestamp, int vocabularySize, Func<int, bool> isSpecial)
    {
        (_config, _firstTimestamp) = (config, firstTimestamp);
        _never =
        [
            .. config.Suppressed.Where(token => token >= 0 && token < vocabularySize),
            .. Enumerable.Range(0, Math.Min(firstTimestamp, vocabularySize)).Where(token => token != config.EndOfText && isSpecial(token)),
        ];
    }

    /// <summary>Sets what may not follow to minus infinity.</summary>
    /// <param name="logits">One number for each token.</param>
    /// <param name="chosen">What was chosen so far, the prompt not included.</param>
    public void Apply(Span<float> logits, IReadOnlyList<int> chosen)
    {
        foreach (var token in _never)
            logits[token] = float.NegativeInfinity;
        if (chosen.Count == 0)
            ApplyAtBegin(logits);
        else
            ApplyAfter(logits, chosen);
        PreferTime(logits);
    }

    private void ApplyAtBegin(Span<float> logits)
    {
        foreach (var token in _config.SuppressedAtBegin)
            logits[token] = float.NegativeInfinity;
        logits[.._firstTimestamp].Fill(float.NegativeInfinity);
        if (_config.LatestFirstTimestamp is { } latest && _firstTimestamp + latest + 1 < logits.Length)
            logits[(_firstTimestamp + latest + 1)..].Fill(float.NegativeInfinity);
    }

    private void ApplyAfter(Span<float> logits, IReadOnlyList<int> chosen)
    {
        var afterTime = chosen[^1] >= _firstTimestamp;
        var afterPair = afterTime && (chosen.Count < 2 || chosen[^2] >= _firstTimestamp);
        if (afterPair)
            logits[_firstTimestamp..].Fill(float.NegativeInfinity);
        else if (afterTime)
            logits[.._config.EndOfText].Fill(float.NegativeInfinity);
        var last = chosen.LastOrDefault(token => token >= _firstTimestamp, -1);
        if (last < 0)
            return;
        // The time that opens a segment may repeat the one that closed the last; a segment must not be empty.
        var allowed = afterTime && !afterPair ? last : last + 1;
        logits[_firstTimestamp..Math.Min(allowed, logits.Length)].Fill(float.NegativeInfinity);
    }

    /// <summary>When all times together are likelier than the likeliest piece of text, a time must come.</summary>
    private void PreferTime(Span<float> logits)
    {
        var times = logits[_firstTimestamp..];
        var text = logits[.._firstTimestamp];
        var peak = TensorPrimitives.Max(times);
        if (float.IsNegativeInfinity(peak))
            return;
        var sum = 0.0;
        foreach (var logit in times)
            sum += Math.Exp(logit - peak);
        if (peak + Math.Log(sum) > TensorPrimitives.Max(text))
            text.Fill(float.NegativeInfinity);
    }
}

using System.Numerics.Tensors;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>Writes one row's transcript token by token.</summary>
internal sealed class TokenChoice(TimestampRules rules, int endOfText, double temperature, int seed)
{
    // A fixed seed: the same sound gives the same words every time.
    private readonly Random _random = new(seed);
    private readonly List<int> _tokens = [];
    private double _logProbability;

    public IReadOnlyList<int> Tokens => _tokens;

    /// <summary>True when the end was chosen.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The end counts as one token.</summary>
    public double MeanLogProbability => _logProbability / (_tokens.Count + 1);

    /// <summary>The token to give to the decoder next.</summary>
    public int Last => IsDone || _tokens.Count == 0 ? endOfText : _tokens[^1];

    /// <param name="logits">Scores of all tokens; changed here.</param>
    public void Choose(Span<float> logits)
    {
        if (IsDone)
            return;
        rules.Apply(logits, _tokens);
        var peak = TensorPrimitives.Max<float>(logits);
        var total = SumOfExponents(logits, peak, 1);
        var token = temperature > 0 ? Draw(logits, peak) : TensorPrimitives.IndexOfMax<float>(logits);
        _logProbability += logits[token] - peak - Math.Log(total);
        if (token == endOfText)
            IsDone = true;
        else
            _tokens.Add(token);
    }

    private int Draw(ReadOnlySpan<float> logits, float peak)
    {
        var left = _random.NextDouble() * SumOfExponents(logits, peak, temperature);
        var last = 0;
        for (var token = 0; token < logits.Length; token++)
        {
            if (float.IsNegativeInfinity(logits[token]))
                continue;
            left -= Math.Exp((logits[token] - peak) / temperature);
            last = token;
            if (left <= 0)
                break;
        }
        return last;
    }

    private static double SumOfExponents(ReadOnlySpan<float> logits, float peak, double temperature)
    {
        var sum = 0.0;
        foreach (var logit in logits)
        {
            if (!float.IsNegativeInfinity(logit))
                sum += Math.Exp((logit - peak) / temperature);
        }
        return sum;
    }
}

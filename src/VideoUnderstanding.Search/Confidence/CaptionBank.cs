using System.Numerics.Tensors;
using Pgvector;

namespace VideoUnderstanding.Search.Confidence;

/// <summary>The vectors of the generic captions: what ordinary queries get on the same picture or sentence. Safe for many threads.</summary>
/// <param name="captions">Unit vectors; two at least.</param>
public sealed class CaptionBank(IReadOnlyList<float[]> captions)
{
    /// <param name="item">A stored vector of a picture or sentence, of any length above zero.</param>
    public BankLevel LevelOf(ReadOnlySpan<float> item)
    {
        var length = TensorPrimitives.Norm(item);
        if (length == 0)
            return default;
        var (sum, squares) = (0.0, 0.0);
        foreach (var caption in captions)
        {
            double cosine = TensorPrimitives.Dot(caption, item) / length;
            sum += cosine;
            squares += cosine * cosine;
        }
        var mean = sum / captions.Count;
        return new BankLevel(mean, Math.Sqrt(Math.Max(0, squares / captions.Count - mean * mean)));
    }

    internal BankLevel LevelOf(HalfVector item)
    {
        var halves = item.Memory.Span;
        var row = new float[halves.Length];
        TensorPrimitives.ConvertToSingle(halves, row);
        return LevelOf(row);
    }
}

/// <summary>The cosines of one picture or sentence with the generic captions.</summary>
/// <param name="Mean">What any query gets there.</param>
/// <param name="Spread">Their standard deviation: how much the model tells apart there.</param>
public readonly record struct BankLevel(double Mean, double Spread);

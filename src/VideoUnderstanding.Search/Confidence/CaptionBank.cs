using System.Numerics.Tensors;
using Pgvector;

namespace VideoUnderstanding.Search.Confidence;

/// <summary>The vectors of the generic captions: what ordinary queries get on the same picture or sentence. Safe for many
/// threads.</summary>
/// <param name="captions">Unit vectors; two at least.</param>
public sealed class CaptionBank(IReadOnlyList<float[]> captions)
{
    /// <summary>The cosine with the mean is the mean of the cosines.</summary>
    private readonly float[] _mean = MeanOf(captions);

    /// <summary>The mean of <see cref="LevelOf(ReadOnlySpan{float})"/> alone, for the price of one caption.</summary>
    internal double MeanOf(HalfVector item)
    {
        var row = Single(item);
        var length = TensorPrimitives.Norm<float>(row);
        return length == 0 ? 0 : TensorPrimitives.Dot<float>(_mean, row) / length;
    }

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

    internal BankLevel LevelOf(HalfVector item) => LevelOf(Single(item));

    private static float[] Single(HalfVector item)
    {
        var halves = item.Memory.Span;
        var row = new float[halves.Length];
        TensorPrimitives.ConvertToSingle(halves, row);
        return row;
    }

    private static float[] MeanOf(IReadOnlyList<float[]> captions)
    {
        var sum = new float[captions[0].Length];
        foreach (var caption in captions)
            TensorPrimitives.Add(sum, caption, sum);
        TensorPrimitives.Divide(sum, captions.Count, sum);
        return sum;
    }
}

/// <summary>The cosines of one picture or sentence with the generic captions.</summary>
/// <param name="Mean">What any query gets there.</param>
/// <param name="Spread">Their standard deviation: how much the model tells apart there.</param>
public readonly record struct BankLevel(double Mean, double Spread);

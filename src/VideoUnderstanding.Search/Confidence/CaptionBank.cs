using System.Numerics.Tensors;
using Pgvector;

namespace VideoUnderstanding.Search.Confidence;

/// <summary>Vectors of the generic captions. Their cosines with a frame or sentence are the cohort scores of
/// <see cref="ScoreNormalization"/>. Thread-safe.</summary>
/// <param name="captions">Unit vectors, one per caption; at least two.</param>
public sealed class CaptionBank(IReadOnlyList<float[]> captions)
{
    private readonly float[] _mean = MeanOf(captions);

    /// <summary>Mean vector of the captions. Its dot product with a unit vector is the mean cosine of that with the captions.</summary>
    internal float[] Mean => _mean;

    /// <summary>Returns the mean of <see cref="StatisticsOf(ReadOnlySpan{float})"/> with a single dot product.</summary>
    internal double MeanOf(HalfVector item)
    {
        var row = Single(item);
        var length = TensorPrimitives.Norm<float>(row);
        return length == 0 ? 0 : TensorPrimitives.Dot<float>(_mean, row) / length;
    }

    /// <param name="item">A stored vector of a frame or sentence, of any length above zero. A zero vector returns zeros.</param>
    public CaptionStatistics StatisticsOf(ReadOnlySpan<float> item)
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
        return new CaptionStatistics(mean, Math.Sqrt(Math.Max(0, squares / captions.Count - mean * mean)));
    }

    internal CaptionStatistics StatisticsOf(HalfVector item) => StatisticsOf(Single(item));

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

/// <summary>Statistics of the cosines of one frame or sentence with the generic captions.</summary>
/// <param name="Mean">Mean cosine.</param>
/// <param name="Spread">Standard deviation of the cosines.</param>
public readonly record struct CaptionStatistics(double Mean, double Spread);

/// <summary>Creates the caption bank of one model on first use and caches it. A failure is not cached: the next call tries again.
/// Thread-safe.</summary>
internal sealed class CaptionBankCache(Func<IReadOnlyList<string>, CancellationToken, Task<float[][]>> embed)
{
    private readonly Lock _lock = new();
    private Task<CaptionBank>? _creation;

    public Task<CaptionBank> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_creation is null or { IsFaulted: true } or { IsCanceled: true })
                // Uses no cancellation token, because other callers may wait for the same task.
                _creation = Task.Run(async () => new CaptionBank(await embed(GenericCaptions.All, CancellationToken.None)),
                    CancellationToken.None);
            return _creation.WaitAsync(cancellationToken);
        }
    }
}

/// <summary>The captions of common subjects in generic-captions.txt.</summary>
public static class GenericCaptions
{
    public static IReadOnlyList<string> All { get; } = Read();

    private static IReadOnlyList<string> Read()
    {
        using var reader = new StreamReader(typeof(GenericCaptions).Assembly.GetManifestResourceStream("generic-captions.txt")!);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')];
    }
}

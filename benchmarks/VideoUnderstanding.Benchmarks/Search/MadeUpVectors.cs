using System.Numerics.Tensors;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.Benchmarks.Search;

/// <summary>Vectors without a model: each video has a centre of its own that its rows stand around, and a text points to somewhere near one
/// of the centres.</summary>
internal sealed class MadeUpVectors(int dimensions, int videos) : IQueryVectors
{
    /// <summary>A standing is needed, as with every calibrated model, so that the statements for it run.</summary>
    private static readonly ScoreMap Scores = ScoreMap.Unmeasured(0);

    public Task<float[]> ForFramesAsync(string text, CancellationToken cancellationToken) => Task.FromResult(Of(text));

    public Task<float[]> ForTextAsync(string text, CancellationToken cancellationToken) => Task.FromResult(Of(text));

    public Task<float[]> ForPictureAsync(Frame picture, CancellationToken cancellationToken)
        => throw new NotSupportedException("No picture is asked about.");

    public ScoreMap ScoresOf(EvidenceRole role) => Scores;

    /// <summary>What the rows of a video stand around.</summary>
    public float[] Centre(int video) => Gaussian(new Random(video));

    /// <summary>A unit vector whose cosine with the other one is about <paramref name="cosine"/>.</summary>
    public float[] Near(float[] vector, double cosine, Random random)
    {
        var near = Gaussian(random);
        var aside = (float)Math.Sqrt(1 - cosine * cosine);
        for (var i = 0; i < near.Length; i++)
            near[i] = near[i] * aside + vector[i] * (float)cosine;
        return Unit(near);
    }

    private float[] Of(string text)
    {
        var seed = text.Aggregate(17, (hash, letter) => unchecked(hash * 31 + letter));
        return Near(Centre((seed & int.MaxValue) % videos), 0.5, new Random(seed));
    }

    private float[] Gaussian(Random random)
    {
        var vector = new float[dimensions];
        for (var i = 0; i < vector.Length; i++)
            vector[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return Unit(vector);
    }

    private static float[] Unit(float[] vector)
    {
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm(vector), vector);
        return vector;
    }
}

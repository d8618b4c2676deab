using System.Numerics.Tensors;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Confidence;

namespace VideoUnderstanding.Benchmarks.Search;

/// <summary>Synthetic vectors without a model. Videos are assigned to topics in turn. The centre of a video is near its topic, and the rows
/// of a video are near its centre. The vector of a text is near a topic, so about <see cref="VideosOfTopic"/> videos match it.</summary>
internal sealed class SyntheticVectors(int dimensions, int videos) : IQueryVectors
{
    /// <summary>Videos with the same topic.</summary>
    private const int VideosOfTopic = 50;

    /// <summary>Cosine of the centres of a video and its topic, and of a text and its topic.</summary>
    private const double SameTopic = 0.8, TextOfTopic = 0.5;

    private readonly int _topics = Math.Max(1, videos / VideosOfTopic);

    /// <summary>A value like those in models/calibrations.</summary>
    private const double MinSpread = 0.03;

    /// <summary>Normalised scores, as with every calibrated model, so that the SQL statements for them run.</summary>
    private static readonly ScoreMap Scores = ScoreMap.Unmeasured(MinSpread);

    private CaptionBank? _bank;

    public Task<float[]> ForFramesAsync(string text, CancellationToken cancellationToken) => Task.FromResult(Of(text));

    public Task<float[]> ForTextAsync(string text, CancellationToken cancellationToken) => Task.FromResult(Of(text));

    public Task<float[]> ForPictureAsync(Frame picture, CancellationToken cancellationToken)
        => throw new NotSupportedException("No picture is asked about.");

    public ScoreMap ScoresOf(EvidenceRole role) => Scores;

    /// <summary>Created once, as in the server.</summary>
    public Task<CaptionBank> BankOfAsync(EvidenceRole role, CancellationToken cancellationToken)
        => Task.FromResult(_bank ??= new CaptionBank([.. GenericCaptions.All.Select(Of)]));

    /// <summary>Returns the centre of the vectors of a video.</summary>
    public float[] Centre(int video) => Near(Topic(video % _topics), SameTopic, new Random(video));

    /// <summary>Returns a unit vector whose cosine with <paramref name="vector"/> is about <paramref name="cosine"/>.</summary>
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
        return Near(Topic((seed & int.MaxValue) % _topics), TextOfTopic, new Random(seed));
    }

    private float[] Topic(int number) => Gaussian(new Random(-1 - number));

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

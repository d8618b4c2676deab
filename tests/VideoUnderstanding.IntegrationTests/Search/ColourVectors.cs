using Pgvector;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>Vectors with a meaning but without a model. Each colour has its own dimension. A text points to the colours that it names; a
/// text without a colour has a separate dimension.</summary>
public sealed class ColourVectors : IQueryVectors
{
    public const int Dimensions = 8;

    private static readonly string[] Colours = ["red", "green", "blue", "yellow", "white", "black"];

    /// <summary>The score is 100 times the cosine and does not depend on other queries.</summary>
    public static readonly ScoreMap Scores = new(new ScoreCurve([new ScorePoint(0, 0), new ScorePoint(1, 100)]), null);

    public ScoreMap ScoresOf(EvidenceRole role) => Scores;

    public Task<float[]> ForFramesAsync(string text, CancellationToken cancellationToken) => Task.FromResult(Of(text));

    public Task<float[]> ForTextAsync(string text, CancellationToken cancellationToken) => Task.FromResult(Of(text));

    public Task<float[]> ForPictureAsync(Frame picture, CancellationToken cancellationToken) => Task.FromResult(Of(picture));

    /// <summary>Returns a vector whose components are the shares of the colours in the picture.</summary>
    public static float[] Of(Frame picture)
    {
        var vector = new float[Dimensions];
        for (var i = 0; i < picture.Rgb.Length; i += 3)
            vector[Array.IndexOf(Colours, Nearest(picture.Rgb.AsSpan(i, 3)))]++;
        return Unit(vector);
    }

    private static string Nearest(ReadOnlySpan<byte> pixel) => (pixel[0] > 127, pixel[1] > 127, pixel[2] > 127) switch
    {
        (true, false, _) => "red",
        (false, true, _) => "green",
        (false, false, true) => "blue",
        (true, true, false) => "yellow",
        (true, true, true) => "white",
        _ => "black",
    };

    public static float[] Of(string text)
    {
        var vector = new float[Dimensions];
        for (var i = 0; i < Colours.Length; i++)
            vector[i] = text.Contains(Colours[i], StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        if (vector.All(value => value == 0))
            vector[^1] = 1;
        return Unit(vector);
    }

    /// <summary>Returns a picture vector with the given cosine to the colour. The remainder is in a dimension that no text uses.</summary>
    public static HalfVector Picture(string colour, double cosine)
    {
        var vector = Array.ConvertAll(Of(colour), value => value * (float)cosine);
        vector[^2] = (float)Math.Sqrt(1 - cosine * cosine);
        return Half(vector);
    }

    public static HalfVector Half(float[] vector) => new(Array.ConvertAll(vector, value => (Half)value));

    private static float[] Unit(float[] vector)
    {
        var length = MathF.Sqrt(vector.Sum(value => value * value));
        return Array.ConvertAll(vector, value => value / length);
    }
}

using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.IntegrationTests.Search;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.IntegrationTests.Contract;

/// <summary>Vectors for the queries of the examples. Each object in a query has a colour of <see cref="ColourVectors"/>.</summary>
public sealed class HarbourVectors : IQueryVectors
{
    public const string Tug = "red";
    public const string Crane = "green";
    public const string Berth = "blue";
    public const string Horn = "yellow";
    public const string Water = "black";

    private static readonly (string Word, string Colour)[] Objects = [("berth", Berth), ("tug", Tug), ("crane", Crane), ("horn", Horn)];

    public ScoreMap ScoresOf(EvidenceRole role) => ColourVectors.Scores;

    public Task<float[]> ForFramesAsync(string text, CancellationToken cancellationToken) => Task.FromResult(Of(text));

    public Task<float[]> ForTextAsync(string text, CancellationToken cancellationToken) => Task.FromResult(Of(text));

    public Task<float[]> ForPictureAsync(Frame picture, CancellationToken cancellationToken) => Task.FromResult(ColourVectors.Of(picture));

    public static float[] Of(string text)
        => ColourVectors.Of(Objects.FirstOrDefault(thing => text.Contains(thing.Word, StringComparison.OrdinalIgnoreCase)).Colour ?? "");
}

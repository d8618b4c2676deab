using System.Collections;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Confidence;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>Colour vectors, and captions that count the items that are compared with all of them.</summary>
public sealed class CountedCaptions : IQueryVectors
{
    public int Comparisons { get; set; }

    public ScoreMap ScoresOf(EvidenceRole role)
        => new(null, new ScoreCurve([new(0, 0), new(1, 40), new(2, 73), new(2.4, 83), new(6, 98)]), LeastSpread: 0.2);

    public Task<CaptionBank> BankOfAsync(EvidenceRole role, CancellationToken cancellationToken)
    {
        var captions = new Captions(this);
        var bank = new CaptionBank(captions);
        captions.Counts = true;
        return Task.FromResult(bank);
    }

    public Task<float[]> ForFramesAsync(string text, CancellationToken cancellationToken) => Task.FromResult(ColourVectors.Of(text));

    public Task<float[]> ForTextAsync(string text, CancellationToken cancellationToken) => Task.FromResult(ColourVectors.Of(text));

    public Task<float[]> ForPictureAsync(Frame picture, CancellationToken cancellationToken) => Task.FromResult(ColourVectors.Of(picture));

    private sealed class Captions(CountedCaptions owner) : IReadOnlyList<float[]>
    {
        private readonly float[][] _vectors = [
            .. new[]
            {
                "red", "green", "blue", "yellow", "white", "black", "one", "two", "three", "four", "five", "six",
            }.Select(ColourVectors.Of)];

        public bool Counts { get; set; }

        public int Count => _vectors.Length;

        public float[] this[int index] => _vectors[index];

        public IEnumerator<float[]> GetEnumerator()
        {
            owner.Comparisons += Counts ? 1 : 0;
            return ((IEnumerable<float[]>)_vectors).GetEnumerator();
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

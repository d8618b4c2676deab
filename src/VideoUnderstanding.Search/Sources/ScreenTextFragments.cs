using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Search.Words;

namespace VideoUnderstanding.Search.Sources;

/// <summary>Finds screen text by letters and words, and, with lower scores, by meaning.</summary>
/// <param name="candidates">Number of semantically nearest segments to score.</param>
internal sealed class ScreenTextFragments(
    ClipReader reader, IQueryVectors vectors, int candidates = ScreenTextFragments.DefaultSemanticCandidates)
{
    /// <summary>Factor for semantic scores without a calibration; only scores of level medium or above count.</summary>
    private const double UncalibratedFactor = 0.75;

    /// <summary>Highest score.</summary>
    private const double MaxScore = 100;

    /// <summary>Default number of semantically nearest segments in a whole index.</summary>
    public const int DefaultSemanticCandidates = 100;

    /// <summary>Minimum trigram similarity of candidates. Low, because <see cref="ScreenTextMatch"/> decides afterwards.</summary>
    private const double MinLetterSimilarity = 0.3;

    /// <param name="minLevel">Fragments that cannot reach this level may be omitted.</param>
    public async Task<IReadOnlyList<Fragment>> FindAsync(
        SearchScope scope, string text, MatchLevel minLevel, CancellationToken cancellationToken)
        => [.. (await AllAsync(scope, text, minLevel, cancellationToken)).Where(fragment => fragment.Score > 0)];

    /// <summary>Returns all compared segments, including those with score 0.</summary>
    public Task<IReadOnlyList<Fragment>> AllAsync(SearchScope scope, string text, CancellationToken cancellationToken)
        => AllAsync(scope, text, MatchLevel.None, cancellationToken);

    private async Task<IReadOnlyList<Fragment>> AllAsync(
        SearchScope scope, string text, MatchLevel minLevel, CancellationToken cancellationToken)
    {
        var query = await vectors.ForTextAsync(text, cancellationToken);
        var nearest = reader.NearestSegmentsAsync(scope, SourceNames.Screen, query, candidates, cancellationToken);
        return await AllAsync(scope, text, query, nearest, null, minLevel, cancellationToken);
    }

    /// <param name="query">Vector of the text.</param>
    /// <param name="nearest">The semantically nearest segments.</param>
    /// <param name="background">Background of the query in the index; null computes it.</param>
    public async Task<IReadOnlyList<Fragment>> FindAsync(
        SearchScope scope, string text, float[] query, IReadOnlyList<SegmentHit> nearest, IndexBackground? background,
        CancellationToken cancellationToken)
        => [.. (await AllAsync(scope, text, query, Task.FromResult(nearest), background, MatchLevel.None, cancellationToken))
            .Where(fragment => fragment.Score > 0)];

    private async Task<IReadOnlyList<Fragment>> AllAsync(
        SearchScope scope, string text, float[] query, Task<IReadOnlyList<SegmentHit>> nearest, IndexBackground? background,
        MatchLevel minLevel, CancellationToken cancellationToken)
    {
        var words = reader.SegmentsByWordsAsync(scope, SourceNames.Screen, query, text, cancellationToken);
        var letters = reader.SegmentsByLettersAsync(scope, SourceNames.Screen, query, text, MinLetterSimilarity, cancellationToken);
        await Task.WhenAll(words, letters, nearest);
        List<SegmentHit> hits = [.. (await words).Concat(await letters).Concat(await nearest).DistinctBy(hit => hit.Id)];
        var match = new ScreenTextMatch(text);
        var letterScores = hits.Select(hit => (hit.Id, Score: ScoreOf(match.With(hit.Text)))).Where(one => one.Score > 0)
            .ToDictionary(one => one.Id, one => one.Score);
        var scores = await SegmentScores.ForAsync(reader, vectors, SourceNames.Screen, scope, query, hits, background, minLevel,
            // A semantic score cannot exceed the score of a letter match.
            letterScores.ToDictionary(one => one.Key, _ => MaxScore), cancellationToken);
        return [
            .. hits.Select(
                hit => new Fragment(hit.VideoId, hit.Start, hit.End, IndexOptions.TextInVideo,
                    letterScores.TryGetValue(hit.Id, out var score) ? score : SemanticScore(scores.ScoreOf(hit), scores.IsMeasured),
                    hit.Text, scores.EvidenceOf(hit)))];
    }

    private static double SemanticScore(double score, bool isMeasured)
        => Math.Min(FixedScores.MaxScreenMeaning, isMeasured ? score : score >= MatchLevels.Medium ? UncalibratedFactor * score : 0);

    /// <returns>0 if the letters do not match.</returns>
    private static double ScoreOf(LetterMatch match) => match switch
    {
        LetterMatch.Exact => FixedScores.Exact,
        LetterMatch.Loose => FixedScores.Loose,
        _ => 0,
    };
}

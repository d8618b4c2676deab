using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Words;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Search.Words;

namespace VideoUnderstanding.Search.Sources;

/// <summary>Text on screen with the letters of the query, and, behind those, text of near meaning.</summary>
/// <param name="meanings">Segments of near meaning that are looked at.</param>
internal sealed class ScreenTextFragments(ClipReader reader, IQueryVectors vectors, int meanings = ScreenTextFragments.MeaningCandidates)
{
    /// <summary>Meaning tells little about the few words of a caption: until that is measured only clear cases count, and for
    /// less.</summary>
    private const double MeaningShare = 0.75;

    /// <summary>Of a whole index.</summary>
    public const int MeaningCandidates = 100;

    /// <summary>Words that are less alike are not even candidates. Wide, because another look decides.</summary>
    private const double LeastLetters = 0.3;

    /// <summary>Words of a text up to which all of them may be misread.</summary>
    private const int MostMisreadWords = 8;

    /// <param name="least">Lowest level of what is wanted. What is below for certain may be left out.</param>
    public async Task<IReadOnlyList<Fragment>> FindAsync(
        SearchScope scope, string text, MatchLevel least, CancellationToken cancellationToken)
        => [.. (await AllAsync(scope, text, least, cancellationToken)).Where(fragment => fragment.Score > 0)];

    /// <summary>Everything that was looked at, also what is worth nothing.</summary>
    public Task<IReadOnlyList<Fragment>> AllAsync(SearchScope scope, string text, CancellationToken cancellationToken)
        => AllAsync(scope, text, MatchLevel.None, cancellationToken);

    private async Task<IReadOnlyList<Fragment>> AllAsync(
        SearchScope scope, string text, MatchLevel least, CancellationToken cancellationToken)
    {
        var query = await vectors.ForTextAsync(text, cancellationToken);
        var meaning = await reader.NearestSegmentsAsync(scope, SourceNames.Screen, query, meanings, cancellationToken);
        return await AllAsync(scope, text, query, meaning, null, least, cancellationToken);
    }

    /// <param name="query">The text's vector.</param>
    /// <param name="meaning">The segments of near meaning.</param>
    /// <param name="background">What the query gets in the index; null where that has to be looked for.</param>
    public async Task<IReadOnlyList<Fragment>> FindAsync(
        SearchScope scope, string text, float[] query, IReadOnlyList<SegmentHit> meaning, IndexBackground? background,
        CancellationToken cancellationToken)
        => [.. (await AllAsync(scope, text, query, meaning, background, MatchLevel.None, cancellationToken))
            .Where(fragment => fragment.Score > 0)];

    private async Task<IReadOnlyList<Fragment>> AllAsync(
        SearchScope scope, string text, float[] query, IReadOnlyList<SegmentHit> meaning, IndexBackground? background, MatchLevel least,
        CancellationToken cancellationToken)
    {
        var words = await reader.SegmentsByWordsAsync(scope, SourceNames.Screen, query, text, cancellationToken);
        // Of a long text some words were read right, and those find it.
        var letters = PlainWords.Phrases(text).Count > MostMisreadWords ? []
            : await reader.SegmentsByLettersAsync(scope, SourceNames.Screen, query, text, LeastLetters, cancellationToken);
        List<SegmentHit> hits = [.. words.Concat(letters).Concat(meaning).DistinctBy(hit => hit.Id)];
        var scores = await SegmentScores.ForAsync(reader, vectors, SourceNames.Screen, scope, query, hits, background, least,
            cancellationToken);
        return [
            .. hits.Select(
                hit => new Fragment(hit.VideoId, hit.Start, hit.End, IndexOptions.TextInVideo,
                    Score(text, hit, ByMeaning(scores.ScoreOf(hit), scores.IsMeasured)), hit.Text, scores.EvidenceOf(hit)))];
    }

    private static double ByMeaning(double score, bool isMeasured)
        => Math.Min(FixedScores.ScreenMeaningAtMost, isMeasured ? score : score >= MatchLevels.Medium ? MeaningShare * score : 0);

    /// <param name="byMeaning">What the meaning alone is worth.</param>
    internal static double Score(string text, SegmentHit hit, double byMeaning)
        => ScreenTextMatch.Of(text, hit.Text) switch
        {
            LetterMatch.Exact => FixedScores.Exact,
            LetterMatch.Loose => FixedScores.Loose,
            _ => byMeaning,
        };
}

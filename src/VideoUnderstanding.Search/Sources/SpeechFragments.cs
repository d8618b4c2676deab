using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Words;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Sources;

/// <summary>Finds speech by meaning, by words, and by letters. Each segment keeps its own times.</summary>
internal sealed class SpeechFragments(
    ClipReader reader, IQueryVectors vectors, ExactSpeechFragments exact, IOptions<VideoSearchOptions> options)
{
    /// <summary>Weights of the three rankings; trigram similarity is the weakest evidence.</summary>
    private const double SemanticWeight = 1, WordsWeight = 1, LettersWeight = 0.5;

    /// <summary>Trigram similarity from which a misheard or misspelt phrase is a loose match.</summary>
    private const double MinLetterSimilarity = 0.75;

    /// <param name="minLevel">Fragments that cannot reach this level may get score 0.</param>
    public async Task<IReadOnlyList<Fragment>> FindAsync(
        SearchScope scope, string text, MatchLevel minLevel, CancellationToken cancellationToken)
    {
        var query = await vectors.ForTextAsync(text, cancellationToken);
        var nearest = reader.NearestSegmentsAsync(scope, SourceNames.Speech, query, options.Value.CandidateSegments, cancellationToken);
        return await FindAsync(scope, text, query, nearest, null, minLevel, cancellationToken);
    }

    /// <param name="query">Vector of the text.</param>
    /// <param name="nearest">The semantically nearest segments, nearest first.</param>
    /// <param name="background">Background of the query in the index; null computes it.</param>
    public Task<IReadOnlyList<Fragment>> FindAsync(
        SearchScope scope, string text, float[] query, IReadOnlyList<SegmentHit> nearest, IndexBackground? background,
        CancellationToken cancellationToken)
        => FindAsync(scope, text, query, Task.FromResult(nearest), background, MatchLevel.None, cancellationToken);

    private async Task<IReadOnlyList<Fragment>> FindAsync(
        SearchScope scope, string text, float[] query, Task<IReadOnlyList<SegmentHit>> nearestTask, IndexBackground? background,
        MatchLevel minLevel, CancellationToken cancellationToken)
    {
        var words = PlainWords.Of(text);
        var spelled = BySpellingAsync(scope, text, query, cancellationToken);
        var phrasesTask = words.Count < 2 ? Task.FromResult<IReadOnlyList<Fragment>>([])
            : exact.FindAsync(scope, text, FixedScores.SpokenPhrase, cancellationToken);
        await Task.WhenAll(nearestTask, spelled, phrasesTask);
        var (nearest, (lexical, letters), phrases) = (await nearestTask, await spelled, await phrasesTask);

        var segments = nearest.Concat(lexical).Concat(letters).DistinctBy(hit => hit.Id).ToDictionary(hit => hit.Id);
        var onlyWord = words.Count == 1 ? words[0] : null;
        var wordScores = letters.ToDictionary(hit => hit.Id, hit => hit.Words >= MinLetterSimilarity ? FixedScores.Loose : 0);
        foreach (var hit in lexical)
            wordScores[hit.Id] = Math.Max(wordScores.GetValueOrDefault(hit.Id), WordScore(hit, onlyWord));
        var scores = await SegmentScores.ForAsync(reader, vectors, SourceNames.Speech, scope, query, segments.Values, background,
            minLevel, wordScores, cancellationToken);
        // Limits the list after scoring, because many semantically near segments have score 0. The fused rank orders equal scores.
        List<Fragment> found = [
            .. RankFusion.Fuse((SemanticWeight, Ids(nearest)), (WordsWeight, Ids(lexical)), (LettersWeight, Ids(letters)))
                .Select(id => Fragment(segments[id], wordScores.GetValueOrDefault(id), scores))
                .OrderByDescending(fragment => fragment.Score)
                .Take(options.Value.CandidateSegments)];
        return WithPhrases(RaiseToBestScore(phrases, found), found);
    }

    /// <summary>Returns the segments with the words of the query, and those with similar words.</summary>
    private async Task<(List<SegmentHit> Lexical, List<SegmentHit> Letters)> BySpellingAsync(
        SearchScope scope, string text, float[] query, CancellationToken cancellationToken)
    {
        var lexical = await reader.SegmentsByWordsAsync(scope, SourceNames.Speech, query, text, cancellationToken);
        // If segments with all words fill the answer, segments with similar words are not needed, because their scores are lower.
        return (lexical, lexical.Count(hit => hit.Words >= 1) >= options.Value.CandidateSegments ? []
            : await reader.SegmentsByLettersAsync(scope, SourceNames.Speech, query, text, MinLetterSimilarity, cancellationToken));
    }

    /// <summary>Raises phrase matches to at least the best semantic score, so that they never rank behind it.</summary>
    private static IReadOnlyList<Fragment> RaiseToBestScore(IReadOnlyList<Fragment> phrases, List<Fragment> found)
    {
        var best = found.Select(fragment => fragment.Score).DefaultIfEmpty(0).Max();
        return [.. phrases.Select(phrase => phrase with { Score = Math.Max(phrase.Score, best) })];
    }

    private static IReadOnlyList<long> Ids(IReadOnlyList<SegmentHit> hits) => [.. hits.Select(hit => hit.Id)];

    /// <param name="onlyWord">The single word of the query; null if it has several.</param>
    private static double WordScore(SegmentHit hit, string? onlyWord)
    {
        if (onlyWord is not null && PlainWords.Of(hit.Text).Contains(onlyWord))
            return FixedScores.SpokenWord;
        return hit.Words >= 1 ? FixedScores.SpokenWords : 0;
    }

    private static Fragment Fragment(SegmentHit hit, double lexicalScore, SegmentScores scores)
        => new(hit.VideoId, hit.Start, hit.End, IndexOptions.Conversation, Math.Max(lexicalScore, scores.ScoreOf(hit)), hit.Text,
            scores.EvidenceOf(hit));

    /// <summary>Adds the segments to the phrase matches. A segment within a phrase match is dropped, and the match keeps the higher
    /// score.</summary>
    private static List<Fragment> WithPhrases(IReadOnlyList<Fragment> phrases, List<Fragment> segments)
    {
        var kept = phrases.ToList();
        var index = phrases.Select((phrase, i) => (phrase.VideoId, Place: i)).ToLookup(pair => pair.VideoId, pair => pair.Place);
        foreach (var segment in segments)
        {
            var containing = index[segment.VideoId].Cast<int?>()
                .FirstOrDefault(i => kept[i!.Value].Start <= segment.Start && segment.End <= kept[i.Value].End);
            if (containing is { } same)
                kept[same] = kept[same] with { Score = Math.Max(kept[same].Score, segment.Score) };
            else
                kept.Add(segment);
        }
        return kept;
    }
}

/// <summary>Weighted reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009).</summary>
public static class RankFusion
{
    /// <summary>Constant k of the paper.</summary>
    private const double RankConstant = 60;

    /// <returns>All items of all rankings, best first.</returns>
    public static IReadOnlyList<T> Fuse<T>(params IReadOnlyList<(double Weight, IReadOnlyList<T> Ranking)> rankings) where T : notnull
    {
        var sums = new Dictionary<T, double>();
        foreach (var (weight, ranking) in rankings)
        {
            for (var rank = 0; rank < ranking.Count; rank++)
                sums[ranking[rank]] = sums.GetValueOrDefault(ranking[rank]) + weight / (RankConstant + rank + 1);
        }
        return [.. sums.OrderByDescending(pair => pair.Value).Select(pair => pair.Key)];
    }
}

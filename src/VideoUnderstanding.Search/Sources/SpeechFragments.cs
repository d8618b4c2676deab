using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Words;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Sources;

/// <summary>Speech that means what the query means: near in meaning, equal in words, or alike in letters. Each segment keeps its own
/// times.</summary>
internal sealed class SpeechFragments(
    ClipReader reader, IQueryVectors vectors, ExactSpeechFragments exact, IOptions<VideoSearchOptions> options)
{
    /// <summary>Weights of the three rankings: letters alone are the weakest sign.</summary>
    private const double MeaningWeight = 1, WordsWeight = 1, LettersWeight = 0.5;

    /// <summary>From this similarity of letters on, a misheard or misspelt phrase is a loose match.</summary>
    private const double AlikeLetters = 0.75;

    /// <param name="least">Lowest level of what is wanted. What is below for certain may be told as worth nothing.</param>
    public async Task<IReadOnlyList<Fragment>> FindAsync(
        SearchScope scope, string text, MatchLevel least, CancellationToken cancellationToken)
    {
        var query = await vectors.ForTextAsync(text, cancellationToken);
        var meaning = await reader.NearestSegmentsAsync(scope, SourceNames.Speech, query, options.Value.CandidateSegments,
            cancellationToken);
        return await FindAsync(scope, text, query, meaning, null, least, cancellationToken);
    }

    /// <param name="query">The text's vector.</param>
    /// <param name="meaning">The segments of near meaning, the nearest first.</param>
    /// <param name="background">What the query gets in the index; null where that has to be looked for.</param>
    public Task<IReadOnlyList<Fragment>> FindAsync(
        SearchScope scope, string text, float[] query, IReadOnlyList<SegmentHit> meaning, IndexBackground? background,
        CancellationToken cancellationToken)
        => FindAsync(scope, text, query, meaning, background, MatchLevel.None, cancellationToken);

    private async Task<IReadOnlyList<Fragment>> FindAsync(
        SearchScope scope, string text, float[] query, IReadOnlyList<SegmentHit> meaning, IndexBackground? background, MatchLevel least,
        CancellationToken cancellationToken)
    {
        var words = PlainWords.Of(text);
        var lexical = await reader.SegmentsByWordsAsync(scope, SourceNames.Speech, query, text, cancellationToken);
        var letters = await reader.SegmentsByLettersAsync(scope, SourceNames.Speech, query, text, AlikeLetters, cancellationToken);
        IReadOnlyList<Fragment> phrases = words.Count < 2 ? []
            : await exact.FindAsync(scope, text, FixedScores.SpokenPhrase, cancellationToken);

        var segments = meaning.Concat(lexical).Concat(letters).DistinctBy(hit => hit.Id).ToDictionary(hit => hit.Id);
        var scores = await SegmentScores.ForAsync(reader, vectors, SourceNames.Speech, scope, query, segments.Values, background,
            least, cancellationToken);
        var onlyWord = words.Count == 1 ? words[0] : null;
        var lexicalScores = lexical.ToDictionary(hit => hit.Id, hit => WordScore(hit, onlyWord));
        var letterScores = letters.ToDictionary(hit => hit.Id, hit => hit.Words >= AlikeLetters ? FixedScores.Loose : 0);
        // Cut only when all are weighed: meaning alone ranks many first that are worth nothing. The fused rank decides between equal
        // scores.
        List<Fragment> found = [
            .. RankFusion.Fuse((MeaningWeight, Ids(meaning)), (WordsWeight, Ids(lexical)), (LettersWeight, Ids(letters)))
                .Select(
                    id => Fragment(segments[id], Math.Max(lexicalScores.GetValueOrDefault(id), letterScores.GetValueOrDefault(id)), scores))
                .OrderByDescending(fragment => fragment.Score)
                .Take(options.Value.CandidateSegments)];
        return WithPhrases(AtLeastAsSure(phrases, found), found);
    }

    /// <summary>Words that were said as they were asked for never rank behind a likeness of meaning.</summary>
    private static IReadOnlyList<Fragment> AtLeastAsSure(IReadOnlyList<Fragment> phrases, List<Fragment> found)
    {
        var best = found.Select(fragment => fragment.Score).DefaultIfEmpty(0).Max();
        return [.. phrases.Select(phrase => phrase with { Score = Math.Max(phrase.Score, best) })];
    }

    private static IReadOnlyList<long> Ids(IReadOnlyList<SegmentHit> hits) => [.. hits.Select(hit => hit.Id)];

    /// <param name="onlyWord">The word of the query; null if it has several.</param>
    private static double WordScore(SegmentHit hit, string? onlyWord)
    {
        if (onlyWord is not null && PlainWords.Of(hit.Text).Contains(onlyWord))
            return FixedScores.SpokenWord;
        return hit.Words >= 1 ? FixedScores.SpokenWords : 0;
    }

    private static Fragment Fragment(SegmentHit hit, double lexicalScore, SegmentScores scores)
        => new(hit.VideoId, hit.Start, hit.End, IndexOptions.Conversation, Math.Max(lexicalScore, scores.ScoreOf(hit)), hit.Text,
            scores.EvidenceOf(hit));

    /// <summary>A segment that is part of a phrase hit is not told twice; the better score of both stays.</summary>
    private static List<Fragment> WithPhrases(IReadOnlyList<Fragment> phrases, List<Fragment> segments)
    {
        var kept = phrases.ToList();
        var index = phrases.Select((phrase, i) => (phrase.VideoId, Place: i)).ToLookup(pair => pair.VideoId, pair => pair.Place);
        foreach (var segment in segments)
        {
            var place = index[segment.VideoId].Cast<int?>()
                .FirstOrDefault(i => kept[i!.Value].Start <= segment.Start && segment.End <= kept[i.Value].End);
            if (place is { } same)
                kept[same] = kept[same] with { Score = Math.Max(kept[same].Score, segment.Score) };
            else
                kept.Add(segment);
        }
        return kept;
    }
}

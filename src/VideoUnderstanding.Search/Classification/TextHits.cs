using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Search.Sources;

namespace VideoUnderstanding.Search.Classification;

/// <summary>Where text of one source, spoken or shown, fits the prompts: weighed as a search weighs it, but every segment is read once for
/// all prompts.</summary>
internal sealed class TextHits(string source, ClipReader reader, PromptVectors prompts, IQueryVectors vectors, FindByText find)
{
    /// <summary>By prompt; the same for all batches of videos.</summary>
    private readonly IndexBackground?[] _backgrounds = new IndexBackground?[prompts.Count];

    public async Task FindAsync(SearchScope scope, HitTable hits, CancellationToken cancellationToken)
    {
        var role = SegmentScores.RoleOf(source);
        var map = vectors.ScoresOf(role);
        var bank = map.NeedsStanding ? await vectors.BankOfAsync(role, cancellationToken) : null;
        var near = Enumerable.Range(0, prompts.Count).Select(_ => new List<SegmentHit>()).ToArray();
        await foreach (var segment in reader.SegmentVectorsAsync(scope, source, cancellationToken))
        {
            var cosines = prompts.CosinesWith(segment.Embedding);
            var mean = bank?.MeanOf(segment.Embedding) ?? 0;
            if (!cosines.Any(cosine => hits.Counts(map.ScoreOf(cosine, Standing.AtMost(cosine, mean, map.LeastSpread)))))
                continue;
            var level = bank?.LevelOf(segment.Embedding) ?? default;
            for (var i = 0; i < cosines.Length; i++)
            {
                if (hits.Counts(map.ScoreOf(cosines[i], Standing.Of(cosines[i], level, default, map.LeastSpread) + Standing.MostGain)))
                    near[i].Add(new SegmentHit(segment.Id, segment.VideoId, segment.Start, segment.End, segment.Text, 1 - cosines[i], 0));
            }
        }
        for (var i = 0; i < prompts.Count; i++)
        {
            if (map.NeedsStanding)
                _backgrounds[i] ??= await SegmentScores.BackgroundAsync(reader, source, scope, prompts[i], cancellationToken);
            hits.Add(prompts.Asked[i], await find(scope, prompts.Asked[i].Prompt, prompts[i], near[i], _backgrounds[i], cancellationToken));
        }
    }
}

/// <summary>Fragments of a text, given its vector, the segments of near meaning, and what it gets in the index where that is
/// known.</summary>
internal delegate Task<IReadOnlyList<Fragment>> FindByText(
    SearchScope scope, string text, float[] query, IReadOnlyList<SegmentHit> meaning, IndexBackground? background,
    CancellationToken cancellationToken);

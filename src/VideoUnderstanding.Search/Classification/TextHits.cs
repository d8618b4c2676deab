using VideoUnderstanding.Search.Confidence;

namespace VideoUnderstanding.Search.Classification;

/// <summary>Finds segments of one text source, speech or screen, that match the prompts. Scores equal those of a search. Each segment is
/// read once and compared with all prompts.</summary>
internal sealed class TextHits(string source, ClipReader reader, PromptVectors prompts, IQueryVectors vectors, FindByText find)
{
    /// <summary>Index background of each prompt; shared by all batches of videos.</summary>
    private readonly IndexBackground?[] _backgrounds = new IndexBackground?[prompts.Count];

    public async Task FindAsync(SearchScope scope, HitTable hits, CancellationToken cancellationToken)
    {
        var role = SegmentScores.RoleOf(source);
        var map = vectors.ScoresOf(role);
        var bank = map.NeedsNormalizedScore ? await vectors.BankOfAsync(role, cancellationToken) : null;
        var near = Enumerable.Range(0, prompts.Count).Select(_ => new List<SegmentHit>()).ToArray();
        await foreach (var segment in reader.SegmentVectorsAsync(scope, source, cancellationToken))
        {
            var cosines = prompts.CosinesWith(segment.Embedding);
            var mean = bank?.MeanOf(segment.Embedding) ?? 0;
            if (!cosines.Any(cosine => hits.IsHit(map.ScoreOf(cosine, ScoreNormalization.UpperBound(cosine, mean, map.LeastSpread)))))
                continue;
            var statistics = bank?.StatisticsOf(segment.Embedding) ?? default;
            for (var i = 0; i < cosines.Length; i++)
            {
                var bound = ScoreNormalization.Normalize(cosines[i], statistics, default, map.LeastSpread)
                    + ScoreNormalization.MaxBackgroundGain;
                if (hits.IsHit(map.ScoreOf(cosines[i], bound)))
                    near[i].Add(new SegmentHit(segment.Id, segment.VideoId, segment.Start, segment.End, segment.Text, 1 - cosines[i], 0));
            }
        }
        for (var i = 0; i < prompts.Count; i++)
        {
            if (map.NeedsNormalizedScore)
                _backgrounds[i] ??= await SegmentScores.BackgroundAsync(reader, source, scope, prompts[i], cancellationToken);
            var search = prompts.Searches[i];
            hits.Add(search, await find(scope, search.Prompt, prompts[i], near[i], _backgrounds[i], cancellationToken));
        }
    }
}

/// <summary>Finds the fragments for a text, given its vector, the semantically nearest segments, and the index background if it is
/// known.</summary>
internal delegate Task<IReadOnlyList<Fragment>> FindByText(
    SearchScope scope, string text, float[] query, IReadOnlyList<SegmentHit> meaning, IndexBackground? background,
    CancellationToken cancellationToken);

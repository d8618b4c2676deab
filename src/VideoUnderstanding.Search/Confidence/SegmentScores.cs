using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Confidence;

/// <summary>Scores the spoken or shown text that one query found by meaning.</summary>
internal sealed class SegmentScores
{
    /// <summary>Segments that stand for the ordinary text of an index: of so many videos, so many each.</summary>
    private const int SampledVideos = 20, SampledSegments = 100;

    private readonly ScoreMap map;
    private readonly IReadOnlyDictionary<long, BankLevel> levels;
    private readonly IndexBackground background;

    private SegmentScores(ScoreMap map, IReadOnlyDictionary<long, BankLevel> levels, IndexBackground background)
        => (this.map, this.levels, this.background) = (map, levels, background);

    /// <param name="source">As the table holds it.</param>
    /// <param name="background">What the query gets in the index, where that is known already.</param>
    /// <param name="least">Hits that are below by meaning for certain are not measured, and worth nothing: a joined query weighs every sentence there is.</param>
    public static async Task<SegmentScores> ForAsync(
        ClipReader reader, IQueryVectors vectors, string source, string indexId, float[] query, IEnumerable<SegmentHit> hits, IndexBackground? background, MatchLevel least, CancellationToken cancellationToken)
    {
        var role = RoleOf(source);
        var map = vectors.ScoresOf(role);
        var levels = new Dictionary<long, BankLevel>();
        if (!map.NeedsStanding)
            return new SegmentScores(map, levels, default);
        bool MayCount(double score) => MatchLevels.Of(MatchLevels.Round(score)) >= least;
        // Whatever the standing.
        var cosines = hits.Where(hit => MayCount(map.ScoreOf(1 - hit.Distance, double.MaxValue))).DistinctBy(hit => hit.Id).ToDictionary(hit => hit.Id, hit => 1 - hit.Distance);
        if (cosines.Count == 0)
            return new SegmentScores(map, levels, default);
        var bank = await vectors.BankOfAsync(role, cancellationToken);
        var known = background ?? await BackgroundAsync(reader, source, indexId, query, cancellationToken);
        await foreach (var (id, vector) in reader.SegmentVectorsOfAsync(indexId, cosines.Keys, cancellationToken))
            if (least == MatchLevel.None || MayCount(map.ScoreOf(cosines[id], Standing.AtMost(cosines[id], bank.MeanOf(vector), known, map.LeastSpread))))
                levels[id] = bank.LevelOf(vector);
        return new SegmentScores(map, levels, known);
    }

    /// <summary>What the query gets in the whole index.</summary>
    public static async Task<IndexBackground> BackgroundAsync(ClipReader reader, string source, string indexId, float[] query, CancellationToken cancellationToken)
        => IndexBackground.Of(await reader.SampleSegmentDistancesAsync(indexId, source, query, SampledVideos, SampledSegments, cancellationToken));

    public static EvidenceRole RoleOf(string source) => source == Sources.SourceNames.Speech ? EvidenceRole.Speech : EvidenceRole.ScreenText;

    /// <summary>What the models say of a hit; null when no standing is needed, it was not measured, or its row has gone since it was found.</summary>
    public Evidence? EvidenceOf(SegmentHit hit) => levels.TryGetValue(hit.Id, out var level)
        ? new Evidence(1 - hit.Distance, Standing.Of(1 - hit.Distance, level, background, map.LeastSpread), level.Spread)
        : null;

    public bool IsMeasured => map.NeedsStanding && map.ByCosine is null;

    /// <summary>Score by meaning alone, 0 to 100.</summary>
    public double ScoreOf(SegmentHit hit) => map.NeedsStanding
        ? EvidenceOf(hit) is { } evidence ? map.ScoreOf(evidence.Cosine, evidence.Standing) : 0
        : map.ScoreOf(1 - hit.Distance, 0);
}

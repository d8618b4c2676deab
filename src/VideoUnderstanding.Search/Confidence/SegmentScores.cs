using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Confidence;

/// <summary>Scores the spoken or shown text that one query found by meaning.</summary>
internal sealed class SegmentScores
{
    /// <summary>Segments that stand for the ordinary text of an index: of so many videos, so many each.</summary>
    private const int SampledVideos = 20, SampledSegments = 100;

    private readonly ScoreMap _map;
    private readonly IReadOnlyDictionary<long, BankLevel> _levels;
    private readonly IndexBackground _background;

    private SegmentScores(ScoreMap map, IReadOnlyDictionary<long, BankLevel> levels, IndexBackground background)
        => (_map, _levels, _background) = (map, levels, background);

    /// <param name="source">As the table holds it.</param>
    /// <param name="background">What the query gets in the index, where that is known already.</param>
    /// <param name="least">Hits that are below by meaning for certain are not measured, and worth nothing: a joined query weighs every
    /// sentence there is.</param>
    public static async Task<SegmentScores> ForAsync(
        ClipReader reader, IQueryVectors vectors, string source, SearchScope scope, float[] query, IEnumerable<SegmentHit> hits,
        IndexBackground? background, MatchLevel least, CancellationToken cancellationToken)
    {
        var role = RoleOf(source);
        var map = vectors.ScoresOf(role);
        var levels = new Dictionary<long, BankLevel>();
        if (!map.NeedsStanding)
            return new SegmentScores(map, levels, default);
        bool MayCount(double score) => MatchLevels.Of(MatchLevels.Round(score)) >= least;
        // Whatever the standing.
        var cosines = hits.Where(hit => MayCount(map.ScoreOf(1 - hit.Distance, double.MaxValue))).DistinctBy(hit => hit.Id)
            .ToDictionary(hit => hit.Id, hit => 1 - hit.Distance);
        if (cosines.Count == 0)
            return new SegmentScores(map, levels, default);
        var bank = await vectors.BankOfAsync(role, cancellationToken);
        var known = background ?? await BackgroundAsync(reader, source, scope, query, cancellationToken);
        await foreach (var (id, vector) in reader.SegmentVectorsOfAsync(scope, cosines.Keys, cancellationToken))
            if (least == MatchLevel.None
                || MayCount(map.ScoreOf(cosines[id], Standing.AtMost(cosines[id], bank.MeanOf(vector), known, map.LeastSpread))))
                levels[id] = bank.LevelOf(vector);
        return new SegmentScores(map, levels, known);
    }

    /// <summary>What the query gets in the whole index.</summary>
    public static async Task<IndexBackground> BackgroundAsync(
        ClipReader reader, string source, SearchScope scope, float[] query, CancellationToken cancellationToken)
        => IndexBackground.Of(
            await reader.SampleSegmentDistancesAsync(scope, source, query, SampledVideos, SampledSegments, cancellationToken));

    public static EvidenceRole RoleOf(string source)
        => source == Sources.SourceNames.Speech ? EvidenceRole.Speech : EvidenceRole.ScreenText;

    /// <summary>What the models say of a hit; null when no standing is needed or it was not measured.</summary>
    public Evidence? EvidenceOf(SegmentHit hit) => _levels.TryGetValue(hit.Id, out var level)
        ? new Evidence(1 - hit.Distance, Standing.Of(1 - hit.Distance, level, _background, _map.LeastSpread), level.Spread)
        : null;

    public bool IsMeasured => _map.IsMeasured;

    /// <summary>Score by meaning alone, 0 to 100.</summary>
    public double ScoreOf(SegmentHit hit) => _map.NeedsStanding
        ? EvidenceOf(hit) is { } evidence ? _map.ScoreOf(evidence.Cosine, evidence.Standing) : 0
        : _map.ScoreOf(1 - hit.Distance, 0);
}

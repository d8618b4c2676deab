using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Confidence;

/// <summary>Computes semantic scores of text segments for one query.</summary>
internal sealed class SegmentScores
{
    /// <summary>Sample for the index background: number of videos, and of segments per video.</summary>
    private const int SampledVideos = 20, SampledSegments = 100;

    private readonly ScoreMap _map;
    private readonly IReadOnlyDictionary<long, CaptionStatistics> _statistics;
    private readonly IndexBackground _background;

    private SegmentScores(ScoreMap map, IReadOnlyDictionary<long, CaptionStatistics> statistics, IndexBackground background)
        => (_map, _statistics, _background) = (map, statistics, background);

    /// <param name="source">Value of the column <c>source</c>; see <see cref="Sources.SourceNames"/>.</param>
    /// <param name="background">Background of the query if already known; null computes it.</param>
    /// <param name="minLevel">Hits that cannot reach this level get score 0 and no evidence. This avoids measuring every sentence in a
    /// combined query.</param>
    /// <param name="knownScores">Scores that hits have by their words. Unless <paramref name="minLevel"/> is
    /// <see cref="MatchLevel.None"/>, a hit whose semantic score cannot exceed its known score is not measured.</param>
    public static async Task<SegmentScores> ForAsync(
        ClipReader reader, IQueryVectors vectors, string source, SearchScope scope, float[] query, IEnumerable<SegmentHit> hits,
        IndexBackground? background, MatchLevel minLevel, IReadOnlyDictionary<long, double> knownScores,
        CancellationToken cancellationToken)
    {
        var role = RoleOf(source);
        var map = vectors.ScoresOf(role);
        var statistics = new Dictionary<long, CaptionStatistics>();
        if (!map.NeedsNormalizedScore)
            return new SegmentScores(map, statistics, default);
        bool CanReach(double score) => MatchLevels.Of(MatchLevels.Round(score)) >= minLevel;
        bool CanCount(SegmentHit hit, double score)
            => minLevel == MatchLevel.None || (CanReach(score) && score > knownScores.GetValueOrDefault(hit.Id));
        // Upper bound: assumes the maximum normalised score.
        var measured = hits.Where(hit => CanCount(hit, map.ScoreOf(1 - hit.Distance, double.MaxValue))).DistinctBy(hit => hit.Id)
            .ToDictionary(hit => hit.Id);
        if (measured.Count == 0)
            return new SegmentScores(map, statistics, default);
        var bank = await vectors.BankOfAsync(role, cancellationToken);
        var known = background ?? await BackgroundAsync(reader, source, scope, query, cancellationToken);
        var limits = measured.Values
            .Select(hit => (hit.Id, Most: GreatestMean(mean => CanCount(hit,
                map.ScoreOf(1 - hit.Distance, ScoreNormalization.UpperBound(1 - hit.Distance, mean, known, map.LeastSpread))))))
            .Where(limit => limit.Most >= -1).ToDictionary(limit => limit.Id, limit => limit.Most);
        await foreach (var (id, vector) in reader.SegmentVectorsOfAsync(scope, limits, bank.Mean, cancellationToken))
            statistics[id] = bank.StatisticsOf(vector);
        return new SegmentScores(map, statistics, known);
    }

    /// <summary>Returns the greatest mean cosine with the captions at which a hit can count, within 0.001; below -1 if there is none. The
    /// upper bound of a score falls while the mean rises.</summary>
    private static double GreatestMean(Func<double, bool> canCount)
    {
        const double Tolerance = 0.001;
        if (canCount(1))
            return 1 + Tolerance;
        var (low, high) = (-1 - Tolerance, 1.0);
        while (high - low > Tolerance)
        {
            var middle = (low + high) / 2;
            (low, high) = canCount(middle) ? (middle, high) : (low, middle);
        }
        // The upper end, so that no segment that can count is left out.
        return high < -1 ? double.NegativeInfinity : high;
    }

    /// <summary>Returns the background cosine of the query in the whole index.</summary>
    public static async Task<IndexBackground> BackgroundAsync(
        ClipReader reader, string source, SearchScope scope, float[] query, CancellationToken cancellationToken)
        => IndexBackground.Of(
            await reader.SampleSegmentDistancesAsync(scope, source, query, SampledVideos, SampledSegments, cancellationToken));

    public static EvidenceRole RoleOf(string source)
        => source == Sources.SourceNames.Speech ? EvidenceRole.Speech : EvidenceRole.ScreenText;

    /// <summary>Returns the evidence of a hit; null if no normalised score is needed or the hit was not measured.</summary>
    public Evidence? EvidenceOf(SegmentHit hit) => _statistics.TryGetValue(hit.Id, out var caption)
        ? new Evidence(1 - hit.Distance, ScoreNormalization.Normalize(1 - hit.Distance, caption, _background, _map.LeastSpread),
            caption.Spread)
        : null;

    public bool IsMeasured => _map.IsMeasured;

    /// <summary>Returns the semantic score of a hit, 0 to 100.</summary>
    public double ScoreOf(SegmentHit hit) => _map.NeedsNormalizedScore
        ? EvidenceOf(hit) is { } evidence ? _map.ScoreOf(evidence.Cosine, evidence.NormalizedScore) : 0
        : _map.ScoreOf(1 - hit.Distance, 0);
}

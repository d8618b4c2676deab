using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Confidence;

/// <summary>Fits the map from evidence to score. High and medium begin where the isotonic share of right matches reaches their precision;
/// low, the level of the default threshold, begins as low as the whole answer keeps its precision.</summary>
public static class CalibrationFit
{
    /// <summary>Fewer matches, or fewer right or wrong ones, say nothing.</summary>
    public const int LeastPairs = 50, LeastOfEither = 10;

    /// <summary>Precisions at which the levels of CONTRACT 7.4 begin.</summary>
    public const double HighPrecision = 0.9, MediumPrecision = 0.7, LowPrecision = 0.4;

    /// <summary>Share of queries that ask for what is not there.</summary>
    private const double AbsurdShare = 0.2;

    /// <summary>The best match of a set is not certain.</summary>
    private const double BestScore = 98;

    /// <summary>Least distance of two points, in units of the evidence: nothing is known more finely.</summary>
    private const double Step = 0.02;

    /// <summary>Cosines in which the score of the upper levels rises from nothing to the lowest of them.</summary>
    private const double UpperStep = 0.001;

    /// <summary>Chooses the evidence that ranks the matches better, cosine or standing, and fits its map.</summary>
    /// <param name="byStanding">The matches with their standings.</param>
    /// <param name="byCosine">The same matches with their cosines.</param>
    public static (EvidenceKind Kind, IReadOnlyList<JudgedMatch> Matches) Choose(
        IReadOnlyList<JudgedMatch> byStanding, IReadOnlyList<JudgedMatch> byCosine)
        => AveragePrecision(byCosine) > AveragePrecision(byStanding) ? (EvidenceKind.Cosine, byCosine)
            : (EvidenceKind.Standing, byStanding);

    /// <summary>Mean, over the right matches, of the share of right ones among all matches with at least as much evidence; 0 without right
    /// matches.</summary>
    public static double AveragePrecision(IReadOnlyCollection<JudgedMatch> matches)
    {
        var (right, all, sum) = (0, 0, 0.0);
        foreach (var equal in matches.GroupBy(match => match.Evidence).OrderByDescending(group => group.Key))
        {
            var hits = equal.Count(match => match.IsRight);
            (right, all) = (right + hits, all + equal.Count());
            sum += hits * (double)right / all;
        }
        return right == 0 ? 0 : sum / right;
    }

    /// <param name="highest">The map gives no level above this one; see <see cref="Reliability.HighestSupported"/>.</param>
    /// <returns>Null when there are too few matches, or no match is right often enough to be told.</returns>
    public static RoleCalibration? Of(
        IReadOnlyList<JudgedMatch> matches, EvidenceKind kind = EvidenceKind.Standing, MatchLevel highest = MatchLevel.High)
    {
        var right = matches.Count(match => match.IsRight);
        if (matches.Count < LeastPairs || Math.Min(right, matches.Count - right) < LeastOfEither)
            return null;
        var steps = IsotonicFit.Of(matches);
        var spread = LeastSpreadOf(matches);
        // Standings are counted in spreads; for cosines the usual spread is the unit.
        var unit = kind == EvidenceKind.Standing ? 1 : Math.Max(2 * spread, 0.01);
        // A model may be sure of what is not there: high begins above everything that was found for an absurd query.
        var absurd = matches.Where(match => match.IsAbsurd).Select(match => match.Evidence).DefaultIfEmpty(double.MinValue).Max();
        var most = steps[^1].To;
        var precise = LimitAt(steps, HighPrecision);
        double? high = highest >= MatchLevel.High && precise is { } limit && Math.Max(limit, absurd + Step * unit) <= most
            ? Math.Max(limit, absurd + Step * unit)
            : null;
        var medium = highest >= MatchLevel.Medium ? LimitAt(steps, MediumPrecision) : null;
        if ((LimitOfAnswer(matches) ?? medium ?? high) is not { } low)
            return null;
        var points = Ascending([
            (steps[0].From, 0), (low, MatchLevels.Low), (medium, MatchLevels.Medium), (high, MatchLevels.High),
            (most + unit, TopOf(medium, high)),
        ], Step * unit);
        return new RoleCalibration(matches.Count, right, kind, spread, points);
    }

    /// <summary>Low by the standing, the levels above it by the cosine.</summary>
    /// <param name="byStanding">The matches with their standings.</param>
    /// <param name="byCosine">The same matches with their cosines.</param>
    /// <param name="highest">The cosine gives no level above this one.</param>
    public static RoleCalibration? OfBoth(
        IReadOnlyList<JudgedMatch> byStanding, IReadOnlyList<JudgedMatch> byCosine, MatchLevel highest)
    {
        var upper = Of(byCosine, EvidenceKind.Cosine, highest)?.Points.Where(point => point.Score >= MatchLevels.Medium).ToList();
        return Of(byStanding, EvidenceKind.Standing, MatchLevel.Low) is not { } low ? null
            : upper is not [var first, ..] ? low
            : low with { UpperPoints = [new ScorePoint(Math.Round(first.Evidence - UpperStep, 4), 0), .. upper] };
    }

    /// <summary>Half the usual spread.</summary>
    public static double LeastSpreadOf(IReadOnlyCollection<JudgedMatch> matches)
        => matches.Count == 0 ? 0 : Math.Round(matches.Select(match => match.Spread).Order().ElementAt(matches.Count / 2) / 2, 5);

    /// <summary>Where the share of right matches reaches a precision. Half a match of either kind is added, so that a few lucky ones are no
    /// certainty.</summary>
    private static double? LimitAt(IReadOnlyList<IsotonicStep> steps, double precision)
    {
        double? limit = null;
        var above = default(IsotonicStep);
        for (var i = steps.Count - 1; i >= 0 && steps[i].Share >= precision; i--)
        {
            // All matches from here on: the promise is one about the level as a whole.
            above = steps[i].With(above);
            if ((above.Right + 0.5) / (above.Pairs + 1) >= precision)
                limit = steps[i].From;
        }
        return limit;
    }

    /// <summary>The lowest limit from which all matches together keep the precision of low.</summary>
    private static double? LimitOfAnswer(IReadOnlyList<JudgedMatch> matches)
    {
        double? limit = null;
        var (right, all, absurd) = (0, 0.0, AbsurdWeight(matches));
        foreach (var equal in matches.GroupBy(match => match.Evidence).OrderByDescending(group => group.Key))
        {
            right += equal.Count(match => match.IsRight);
            all += equal.Sum(match => match.IsAbsurd ? absurd : 1);
            if ((right + 0.5) / (all + 1) >= LowPrecision)
                limit = equal.Key;
        }
        return limit;
    }

    /// <summary>How many absurd queries a set has is its maker's choice: they count as if one query in five were absurd, or as many as
    /// there are.</summary>
    private static double AbsurdWeight(IReadOnlyList<JudgedMatch> matches)
    {
        var absurd = matches.Where(match => match.IsAbsurd).DistinctBy(match => match.Query).Count();
        var others = matches.Where(match => !match.IsAbsurd).DistinctBy(match => match.Query).Count();
        return absurd == 0 ? 1 : Math.Min(1, AbsurdShare / (1 - AbsurdShare) * others / absurd);
    }

    /// <summary>The score of the best match: inside the highest level that was reached.</summary>
    private static double TopOf(double? medium, double? high)
        => high is not null ? BestScore : MatchLevels.TopOf(medium is not null ? MatchLevel.Medium : MatchLevel.Low);

    /// <summary>Points whose evidence ascends; a limit that was not reached is left out, and one that is not below the next is moved
    /// there.</summary>
    private static List<ScorePoint> Ascending(IEnumerable<(double? Evidence, double Score)> wanted, double step)
    {
        var points = new List<ScorePoint>();
        foreach (var (evidence, score) in wanted.Reverse())
        {
            if (evidence is { } value)
                points.Insert(0,
                    new ScorePoint(Math.Round(points.Count == 0 ? value : Math.Min(value, points[0].Evidence - step), 4), score));
        }
        return points;
    }
}

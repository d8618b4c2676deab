using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Confidence;

/// <summary>Fits the function from evidence to score. The levels high and medium begin where the isotonic precision reaches their target.
/// Low, the default threshold, begins at the lowest evidence from which all matches together keep its precision.</summary>
public static class CalibrationFit
{
    /// <summary>Minimum number of matches, and of correct and of incorrect matches; with fewer there is no fit.</summary>
    public const int MinPairs = 50, MinOfEachKind = 10;

    /// <summary>Target precisions of the levels of CONTRACT 7.4.</summary>
    public const double HighPrecision = 0.9, MediumPrecision = 0.7, LowPrecision = 0.4;

    /// <summary>Assumed share of absurd queries, which have no answer in the set.</summary>
    private const double AbsurdQueryShare = 0.2;

    /// <summary>Score of the evidence above all matches of the set; below 100, because such a match is not certain.</summary>
    private const double BestScore = 98;

    /// <summary>Minimum distance between two points, in units of the evidence.</summary>
    private const double Step = 0.02;

    /// <summary>Cosine range in which the score of the upper levels rises from 0 to the first of them.</summary>
    private const double UpperStep = 0.001;

    /// <summary>Selects the evidence that ranks the matches better: cosine or normalised score.</summary>
    /// <param name="byNormalizedScore">The matches with their normalised scores.</param>
    /// <param name="byCosine">The same matches with their cosines.</param>
    public static (EvidenceKind Kind, IReadOnlyList<JudgedMatch> Matches) Choose(
        IReadOnlyList<JudgedMatch> byNormalizedScore, IReadOnlyList<JudgedMatch> byCosine)
        => AveragePrecision(byCosine) > AveragePrecision(byNormalizedScore) ? (EvidenceKind.Cosine, byCosine)
            : (EvidenceKind.NormalizedScore, byNormalizedScore);

    /// <summary>Average precision: the mean, over the correct matches, of the precision among all matches with at least as much evidence; 0
    /// without correct matches.</summary>
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

    /// <param name="highest">The function gives no level above this one; see <see cref="Reliability.HighestSupported"/>.</param>
    /// <returns>The calibration, or null if there are too few matches or no level reaches its precision.</returns>
    public static RoleCalibration? Of(
        IReadOnlyList<JudgedMatch> matches, EvidenceKind kind = EvidenceKind.NormalizedScore, MatchLevel highest = MatchLevel.High)
    {
        var right = matches.Count(match => match.IsRight);
        if (matches.Count < MinPairs || Math.Min(right, matches.Count - right) < MinOfEachKind)
            return null;
        var steps = IsotonicFit.Of(matches);
        var spread = LeastSpreadOf(matches);
        // Normalised scores are in units of the spread; for cosines the unit is the usual spread.
        var unit = kind == EvidenceKind.NormalizedScore ? 1 : Math.Max(2 * spread, 0.01);
        // A model can be confident about absurd queries, so high begins above the evidence of all their matches.
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

    /// <summary>Fits the level low to the normalised score, and the levels above it to the cosine.</summary>
    /// <param name="byNormalizedScore">The matches with their normalised scores.</param>
    /// <param name="byCosine">The same matches with their cosines.</param>
    /// <param name="highest">The cosine function gives no level above this one.</param>
    public static RoleCalibration? OfBoth(
        IReadOnlyList<JudgedMatch> byNormalizedScore, IReadOnlyList<JudgedMatch> byCosine, MatchLevel highest)
    {
        var upper = Of(byCosine, EvidenceKind.Cosine, highest)?.Points.Where(point => point.Score >= MatchLevels.Medium).ToList();
        return Of(byNormalizedScore, EvidenceKind.NormalizedScore, MatchLevel.Low) is not { } low ? null
            : upper is not [var first, ..] ? low
            : low with { UpperPoints = [new ScorePoint(Math.Round(first.Evidence - UpperStep, 4), 0), .. upper] };
    }

    /// <summary>Returns half of the median spread: the minimum spread of a role, a cosine difference.</summary>
    public static double LeastSpreadOf(IReadOnlyCollection<JudgedMatch> matches)
        => matches.Count == 0 ? 0 : Math.Round(matches.Select(match => match.Spread).Order().ElementAt(matches.Count / 2) / 2, 5);

    /// <summary>Returns the evidence from which the precision is reached. Half a match of each kind is added, so that a few correct matches
    /// do not give full precision.</summary>
    private static double? LimitAt(IReadOnlyList<IsotonicStep> steps, double precision)
    {
        double? limit = null;
        var above = default(IsotonicStep);
        for (var i = steps.Count - 1; i >= 0 && steps[i].Share >= precision; i--)
        {
            // The precision of a level covers all matches above the limit, not one step.
            above = steps[i].With(above);
            if ((above.Right + 0.5) / (above.Pairs + 1) >= precision)
                limit = steps[i].From;
        }
        return limit;
    }

    /// <summary>Returns the lowest evidence from which all matches together keep the precision of low.</summary>
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

    /// <summary>Weight of a match of an absurd query, at most 1. The number of absurd queries in a set is arbitrary, so they are weighted
    /// as at most one query in five.</summary>
    private static double AbsurdWeight(IReadOnlyList<JudgedMatch> matches)
    {
        var absurd = matches.Where(match => match.IsAbsurd).DistinctBy(match => match.Query).Count();
        var others = matches.Where(match => !match.IsAbsurd).DistinctBy(match => match.Query).Count();
        return absurd == 0 ? 1 : Math.Min(1, AbsurdQueryShare / (1 - AbsurdQueryShare) * others / absurd);
    }

    /// <summary>The highest score of the function: within the highest level that was reached.</summary>
    private static double TopOf(double? medium, double? high)
        => high is not null ? BestScore : MatchLevels.TopOf(medium is not null ? MatchLevel.Medium : MatchLevel.Low);

    /// <summary>Returns points with ascending evidence. Limits that were not reached are omitted; a limit that is not below the next is
    /// moved below it.</summary>
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

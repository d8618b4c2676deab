using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Confidence;

/// <summary>Fits the map from standing to score: a level begins where the isotonic share of right matches reaches its precision.</summary>
public static class CalibrationFit
{
    /// <summary>Fewer matches, or fewer right or wrong ones, say nothing.</summary>
    public const int LeastPairs = 50, LeastOfEither = 10;

    /// <summary>Precisions at which the levels of CONTRACT 7.4 begin.</summary>
    public const double HighPrecision = 0.9, MediumPrecision = 0.7, LowPrecision = 0.4;

    /// <summary>The best match of a set is not certain.</summary>
    private const double BestScore = 98;

    /// <summary>Least distance of two points, in spreads: nothing is known more finely.</summary>
    private const double Step = 0.02;

    /// <returns>Null when there are too few matches, or no match is right often enough to be told.</returns>
    public static RoleCalibration? Of(IReadOnlyList<JudgedMatch> matches)
    {
        var right = matches.Count(match => match.IsRight);
        if (matches.Count < LeastPairs || Math.Min(right, matches.Count - right) < LeastOfEither)
            return null;
        var steps = IsotonicFit.Of(matches);
        if (LimitAt(steps, LowPrecision) is not { } low)
            return null;
        // A model may be sure of what is not there: high begins above everything that was found for an absurd query.
        var absurd = matches.Where(match => match.IsAbsurd).Select(match => match.Standing).DefaultIfEmpty(double.MinValue).Max();
        var most = steps[^1].To;
        var high = LimitAt(steps, HighPrecision) is { } precise && Math.Max(precise, absurd + Step) is var limit && limit <= most ? limit : (double?)null;
        var points = Ascending([
            (steps[0].From, 0), (low, MatchLevels.Low), (LimitAt(steps, MediumPrecision), MatchLevels.Medium), (high, MatchLevels.High), (most + 1, TopOf(steps, high)),
        ]);
        return new RoleCalibration(matches.Count, right, LeastSpreadOf(matches), points);
    }

    /// <summary>Half the usual spread.</summary>
    public static double LeastSpreadOf(IReadOnlyCollection<JudgedMatch> matches)
        => matches.Count == 0 ? 0 : Math.Round(matches.Select(match => match.Spread).Order().ElementAt(matches.Count / 2) / 2, 5);

    /// <summary>Where the share of right matches reaches a precision. Half a match of either kind is added, so that a few lucky ones are no certainty.</summary>
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

    /// <summary>The score of the best match: inside the highest level that was reached.</summary>
    private static double TopOf(IReadOnlyList<IsotonicStep> steps, double? high)
        => high is not null ? BestScore : LimitAt(steps, MediumPrecision) is not null ? ScoreMap.UnmeasuredAtMost : MatchLevels.Medium - 0.01;

    /// <summary>Points whose evidence ascends; a limit that was not reached is left out, and one that is not below the next is moved there.</summary>
    private static List<ScorePoint> Ascending(IEnumerable<(double? Evidence, double Score)> wanted)
    {
        var points = new List<ScorePoint>();
        foreach (var (evidence, score) in wanted.Reverse())
        {
            if (evidence is { } value)
                points.Insert(0, new ScorePoint(Math.Round(points.Count == 0 ? value : Math.Min(value, points[0].Evidence - Step), 4), score));
        }
        return points;
    }
}

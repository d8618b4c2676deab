using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Operations.Evaluation.Metrics;

/// <summary>Compares scores and levels with the share of right answers: of answers with a score of 80, eight of ten should be
/// right.</summary>
public static class ConfidenceMetrics
{
    public const int Bins = 10;

    /// <summary>All answers by ascending score, divided into bins of nearly equal size. Fewer answers than bins: one bin each.</summary>
    public static IReadOnlyList<ReliabilityBin> Reliability(IEnumerable<QueryOutcome> outcomes)
    {
        var judged = outcomes.SelectMany(
            outcome => outcome.Answers.Select(answer => (answer.Score, Right: Judgement.IsRight(outcome.Query, answer))))
            .OrderBy(answer => answer.Score).ThenBy(answer => answer.Right).ToList();
        var bins = Math.Min(Bins, judged.Count);
        return [.. Enumerable.Range(0, bins).Select(bin => judged[(judged.Count * bin / bins)..(judged.Count * (bin + 1) / bins)])
            .Select(
                inside
                    => new ReliabilityBin(inside.Count, inside.Average(answer => Math.Min(1, answer.Score / 100)),
                        inside.Average(answer => answer.Right ? 1.0 : 0)))];
    }

    /// <summary>Expected calibration error: the mean difference between a bin's score and its share of right answers, weighted by its
    /// answers.</summary>
    public static double? Error(IReadOnlyList<ReliabilityBin> bins)
        => bins.Count == 0 ? null : bins.Sum(bin => bin.Answers * Math.Abs(bin.MeanScore - bin.RightShare)) / bins.Sum(bin => bin.Answers);

    /// <summary>Precision of each level, the highest level first.</summary>
    public static IReadOnlyList<LevelPrecision> Precision(IEnumerable<QueryOutcome> outcomes)
    {
        var levels = outcomes.SelectMany(
            outcome
                => outcome.Answers.Select(answer => (Level: MatchLevels.Of(answer.Score), Right: Judgement.IsRight(outcome.Query, answer))))
            .ToList();
        return [.. new[] { (MatchLevel.High, 0.9), (MatchLevel.Medium, 0.7), (MatchLevel.Low, 0.4) }.Select(aim => new LevelPrecision(
            aim.Item1, aim.Item2, levels.Count(answer => answer.Level == aim.Item1),
            levels.Count(answer => answer.Level == aim.Item1 && answer.Right)))];
    }

    /// <summary>Number of absurd queries that were answered with a high level.</summary>
    public static int AbsurdWithHigh(IEnumerable<QueryOutcome> outcomes)
        => outcomes.Count(outcome => outcome.Query.IsAbsurd
            && outcome.Answers.Any(answer => MatchLevels.Of(answer.Score) == MatchLevel.High));
}

/// <param name="MeanScore">Mean score of its answers, scaled to 0 to 1.</param>
/// <param name="RightShare">Share of its answers that are right, 0 to 1.</param>
public sealed record ReliabilityBin(int Answers, double MeanScore, double RightShare);

/// <param name="Aim">The required precision of the level.</param>
public sealed record LevelPrecision(MatchLevel Level, double Aim, int Answers, int Right)
{
    /// <summary>Null without answers of this level.</summary>
    public double? Precision => Answers == 0 ? null : (double)Right / Answers;
}

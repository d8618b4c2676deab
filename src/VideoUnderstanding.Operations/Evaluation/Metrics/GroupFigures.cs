namespace VideoUnderstanding.Operations.Evaluation.Metrics;

/// <summary>All figures of one group of queries. Null: nothing to measure. Shares are 0 to 1.</summary>
/// <param name="Name">The option and the kind of query.</param>
/// <param name="Queries">Number of queries with right spans.</param>
/// <param name="Absurd">Number of queries without right spans.</param>
/// <param name="AbsurdAnswered">Number of absurd queries with any answer.</param>
/// <param name="Each">Figures of each query.</param>
public sealed record GroupFigures(
    string Name, int Queries, int Absurd, double? RecallAt1, double? RecallAt3, double? RecallAt5, double? MeanIou, double? RightBoundaries,
    double? CalibrationError, int AbsurdWithHigh, int AbsurdAnswered, IReadOnlyList<LevelPrecision> Levels,
    IReadOnlyList<ReliabilityBin> Reliability,
    IReadOnlyList<QueryFigures> Each)
{
    public static GroupFigures Compute(string name, IReadOnlyList<QueryOutcome> outcomes)
    {
        var reliability = ConfidenceMetrics.Reliability(outcomes);
        var absurd = outcomes.Where(outcome => outcome.Query.IsAbsurd).ToList();
        return new GroupFigures(name, outcomes.Count - absurd.Count, absurd.Count,
            RankMetrics.RecallAt(outcomes, 1), RankMetrics.RecallAt(outcomes, 3), RankMetrics.RecallAt(outcomes, 5),
            RankMetrics.MeanIou(outcomes), RankMetrics.RightBoundaries(outcomes), ConfidenceMetrics.Error(reliability),
            ConfidenceMetrics.AbsurdWithHigh(outcomes),
            absurd.Count(outcome => outcome.Answers.Count > 0), ConfidenceMetrics.Precision(outcomes), reliability,
            [.. outcomes.Select(QueryFigures.Compute)]);
    }
}

/// <summary>Figures of one query.</summary>
/// <param name="FirstRight">Rank of the first right answer, from 1; null without one, and for absurd queries.</param>
/// <param name="Iou">Its part of the group's mean; null for absurd queries.</param>
/// <param name="TopScore">Score of the first answer; null without answers.</param>
public sealed record QueryFigures(string Query, bool Absurd, int Answers, int? FirstRight, double? Iou, double? TopScore)
{
    public static QueryFigures Compute(QueryOutcome outcome)
    {
        var first = outcome.Answers.Select((answer, i) => (Rank: (int?)(i + 1), Right: Judgement.IsRight(outcome.Query, answer)))
            .FirstOrDefault(answer => answer.Right).Rank;
        return new QueryFigures(outcome.Query.Text, outcome.Query.IsAbsurd, outcome.Answers.Count, first, RankMetrics.MeanIou([outcome]),
            outcome.Answers.FirstOrDefault()?.Score);
    }
}

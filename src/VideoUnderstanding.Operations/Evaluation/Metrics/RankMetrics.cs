using VideoUnderstanding.Operations.Evaluation.Sets;

namespace VideoUnderstanding.Operations.Evaluation.Metrics;

/// <summary>Ranks of right answers, and accuracy of their boundaries. Absurd queries are ignored. Null: nothing to measure.</summary>
public static class RankMetrics
{
    /// <summary>Number of first answers in which boundaries and overlaps are measured.</summary>
    public const int RankLimit = 5;

    /// <summary>Maximum error of a right boundary, in seconds.</summary>
    public const double BoundarySeconds = 2;

    /// <summary>Share of queries with a right answer among the first ones.</summary>
    public static double? RecallAt(IEnumerable<QueryOutcome> outcomes, int first)
        => Mean(outcomes.Where(outcome => !outcome.Query.IsAbsurd),
            outcome => outcome.Answers.Take(first).Any(answer => Judgement.IsRight(outcome.Query, answer)) ? 1 : 0);

    /// <summary>Mean over the queries of the best overlap of one of the first answers with a right span; 0 for a query without
    /// overlap.</summary>
    public static double? MeanIou(IEnumerable<QueryOutcome> outcomes)
        => Mean(outcomes.Where(outcome => !outcome.Query.IsAbsurd),
            outcome => BestPair(outcome) is { } pair ? Judgement.Iou(pair.Answer, pair.Span) : 0);

    /// <summary>Share of right starts and ends of the answers that <see cref="MeanIou"/> uses. Queries without an overlapping answer are
    /// ignored.</summary>
    public static double? RightBoundaries(IEnumerable<QueryOutcome> outcomes)
        => Mean(outcomes.Select(BestPair).OfType<Pair>()
            .SelectMany(pair => new[] { pair.Answer.Start - pair.Span.Start, pair.Answer.End - pair.Span.End }),
            distance => Math.Abs(distance) <= BoundarySeconds ? 1 : 0);

    private static Pair? BestPair(QueryOutcome outcome)
        => outcome.Answers.Take(RankLimit).SelectMany(answer => outcome.Query.Right.Select(span => new Pair(answer, span)))
            .Where(pair => Judgement.Iou(pair.Answer, pair.Span) > 0)
            .MaxBy(pair => Judgement.Iou(pair.Answer, pair.Span));

    private static double? Mean<T>(IEnumerable<T> things, Func<T, double> value)
        => things.Select(value).ToList() is { Count: > 0 } values ? values.Average() : null;

    private sealed record Pair(Answer Answer, RightSpan Span);
}

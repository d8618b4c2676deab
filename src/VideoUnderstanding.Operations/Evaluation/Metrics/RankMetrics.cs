using VideoUnderstanding.Operations.Evaluation.Sets;

namespace VideoUnderstanding.Operations.Evaluation.Metrics;

/// <summary>How far up right answers stand, and how well their boundaries fit. Absurd queries have no say here. Null: there is nothing to
/// measure.</summary>
public static class RankMetrics
{
    /// <summary>Answers that a reader looks at: boundaries and found spans are measured in these.</summary>
    public const int Looked = 5;

    /// <summary>A boundary is right when it is at most so many seconds away.</summary>
    public const double BoundarySeconds = 2;

    /// <summary>Share of queries with a right one among the first answers.</summary>
    public static double? RecallAt(IEnumerable<QueryOutcome> outcomes, int first)
        => Mean(outcomes.Where(outcome => !outcome.Query.IsAbsurd),
            outcome => outcome.Answers.Take(first).Any(answer => Judgement.IsRight(outcome.Query, answer)) ? 1 : 0);

    /// <summary>Mean over the queries of the best overlap that one of the first answers has with a right span; 0 for a query
    /// without.</summary>
    public static double? MeanIou(IEnumerable<QueryOutcome> outcomes)
        => Mean(outcomes.Where(outcome => !outcome.Query.IsAbsurd),
            outcome => BestPair(outcome) is { } pair ? Judgement.Iou(pair.Answer, pair.Span) : 0);

    /// <summary>Share of starts and ends that are right, of the answers that <see cref="MeanIou"/> looks at. Queries without an overlapping
    /// answer count in the recall alone.</summary>
    public static double? RightBoundaries(IEnumerable<QueryOutcome> outcomes)
        => Mean(outcomes.Select(BestPair).OfType<Pair>()
            .SelectMany(pair => new[] { pair.Answer.Start - pair.Span.Start, pair.Answer.End - pair.Span.End }),
            distance => Math.Abs(distance) <= BoundarySeconds ? 1 : 0);

    private static Pair? BestPair(QueryOutcome outcome)
        => outcome.Answers.Take(Looked).SelectMany(answer => outcome.Query.Right.Select(span => new Pair(answer, span)))
            .Where(pair => Judgement.Iou(pair.Answer, pair.Span) > 0)
            .MaxBy(pair => Judgement.Iou(pair.Answer, pair.Span));

    private static double? Mean<T>(IEnumerable<T> things, Func<T, double> value)
        => things.Select(value).ToList() is { Count: > 0 } values ? values.Average() : null;

    private sealed record Pair(Answer Answer, RightSpan Span);
}

using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Search;
using VideoUnderstanding.Operations.Evaluation.Metrics;
using VideoUnderstanding.Operations.Evaluation.Sets;

namespace VideoUnderstanding.UnitTests.Operations.Evaluation;

/// <summary>Shorthands for queries and answers.</summary>
internal static class Outcomes
{
    public static EvaluationQuery Query(params RightSpan[] right)
        => new("q", IndexOptions.Visual, ConversationMatching.Semantic, right, "by hand");

    public static QueryOutcome Outcome(RightSpan[] right, params Answer[] answers) => new(Query(right), answers);

    /// <summary>An answer of video "a" whose span is the right one of <see cref="RightA"/>, or far off.</summary>
    public static Answer Scored(double score, bool right) => right ? new Answer("a", 0, 10, score) : new Answer("b", 0, 10, score);

    public static RightSpan[] RightA { get; } = [new("a", 0, 10)];
}

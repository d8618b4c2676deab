using VideoUnderstanding.Operations.Evaluation.Sets;

namespace VideoUnderstanding.Operations.Evaluation.Metrics;

/// <summary>What a search answered to one query.</summary>
/// <param name="Answers">The best first.</param>
public sealed record QueryOutcome(EvaluationQuery Query, IReadOnlyList<Answer> Answers);

/// <summary>One clip of an answer; times in seconds.</summary>
/// <param name="File">Name of the video inside the set.</param>
/// <param name="Score">0 to 100, a little more where several options agree.</param>
public sealed record Answer(string File, double Start, double End, double Score);

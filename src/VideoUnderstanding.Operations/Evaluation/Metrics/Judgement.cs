using VideoUnderstanding.Operations.Evaluation.Sets;

namespace VideoUnderstanding.Operations.Evaluation.Metrics;

/// <summary>Decides whether an answer is right.</summary>
public static class Judgement
{
    /// <summary>Minimum intersection over union (in time) of a right answer.</summary>
    public const double MinIou = 0.3;

    /// <summary>An answer whose middle is inside a right span is right unless it is longer than this many times the span: the middle of a
    /// long answer is right by chance.</summary>
    public const double MaxLengthInSpans = 2;

    public static bool IsRight(EvaluationQuery query, Answer answer) => query.Right.Any(span => Fits(answer, span));

    public static bool Fits(Answer answer, RightSpan span)
    {
        if (answer.File != span.File)
            return false;
        var middle = (answer.Start + answer.End) / 2;
        return Iou(answer, span) >= MinIou
            || (middle >= span.Start && middle <= span.End && answer.End - answer.Start <= MaxLengthInSpans * (span.End - span.Start));
    }

    /// <summary>Intersection over union in time, 0 to 1; 0 for different videos.</summary>
    public static double Iou(Answer answer, RightSpan span)
    {
        if (answer.File != span.File)
            return 0;
        var intersection = Math.Max(0, Math.Min(answer.End, span.End) - Math.Max(answer.Start, span.Start));
        var total = answer.End - answer.Start + (span.End - span.Start) - intersection;
        return total > 0 ? intersection / total : 0;
    }
}

/// <summary>The answers of a search to one query.</summary>
/// <param name="Answers">Best first.</param>
public sealed record QueryOutcome(EvaluationQuery Query, IReadOnlyList<Answer> Answers);

/// <summary>One clip of an answer; times in seconds.</summary>
/// <param name="File">Name of the video in the set.</param>
/// <param name="Score">0 to 100, slightly more if several options agree.</param>
public sealed record Answer(string File, double Start, double End, double Score);

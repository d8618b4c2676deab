using VideoUnderstanding.Operations.Evaluation.Sets;

namespace VideoUnderstanding.Operations.Evaluation.Metrics;

/// <summary>Whether an answer is right. The one place that says so.</summary>
public static class Judgement
{
    /// <summary>Least share of common time, of the time that either has, with which an answer is right.</summary>
    public const double LeastIou = 0.3;

    /// <summary>An answer whose middle lies in a right span is right unless it is longer than so many spans: the middle of a long answer
    /// would lie somewhere by chance.</summary>
    public const double LongestInSpans = 2;

    public static bool IsRight(EvaluationQuery query, Answer answer) => query.Right.Any(span => Fits(answer, span));

    public static bool Fits(Answer answer, RightSpan span)
    {
        if (answer.File != span.File)
            return false;
        var middle = (answer.Start + answer.End) / 2;
        return Iou(answer, span) >= LeastIou
            || (middle >= span.Start && middle <= span.End && answer.End - answer.Start <= LongestInSpans * (span.End - span.Start));
    }

    /// <summary>Common time over the time that either has, 0 to 1; 0 in different videos.</summary>
    public static double Iou(Answer answer, RightSpan span)
    {
        if (answer.File != span.File)
            return 0;
        var common = Math.Max(0, Math.Min(answer.End, span.End) - Math.Max(answer.Start, span.Start));
        var either = answer.End - answer.Start + (span.End - span.Start) - common;
        return either > 0 ? common / either : 0;
    }
}

using System.Globalization;
using System.Text;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Operations.Evaluation.Calibrating;

/// <summary>Formats the findings as Markdown tables.</summary>
internal static class CalibrationText
{
    public static string Format(IReadOnlyList<RoleFindings> findings)
    {
        var text = new StringBuilder();
        foreach (var one in findings)
            Append(text, one);
        return text.ToString();
    }

    private static void Append(StringBuilder text, RoleFindings found)
    {
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{CalibrationFile.NameOf(found.Role)}: {found.Model}, {found.Queries} queries, {found.Matches.Count} matches, "
                + $"{found.Matches.Count(match => match.IsRight)} of them right");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"  average precision: cosine {found.Precisions.Cosine:0.00}, standing {found.Precisions.NormalizedScore:0.00}");
        if (found.Fitted is null)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"  no map: it takes {CalibrationFit.MinPairs} matches, {CalibrationFit.MinOfEachKind} right and as many wrong, and a "
                    + $"precision of {CalibrationFit.LowPrecision} among the best\n");
            return;
        }
        text.AppendLine($"  {found.Kind.ToString().ToLowerInvariant()} to score: {Pairs(found.Fitted.Points)}");
        if (found.Fitted.UpperPoints is { } upper)
            text.AppendLine($"  cosine to score, medium and above: {Pairs(upper)}");
        text.AppendLine("  each match judged by a map fitted without its video and its query:");
        text.AppendLine("  | level | matches | right | precision | for absurd queries |");
        text.AppendLine("  | --- | --- | --- | --- | --- |");
        foreach (var row in found.Reliability)
            text.AppendLine(Line(row.Level.ToString().ToLowerInvariant(), row));
        // Low is the level of the default threshold, so its precision is that of all results at or above the threshold.
        var answered = found.Reliability.Where(row => row.Level != MatchLevel.None).ToList();
        text.AppendLine(
            Line("low and above",
                new(MatchLevel.Low, answered.Sum(row => row.Matches), answered.Sum(row => row.Right), answered.Sum(row => row.Absurd))));
        text.AppendLine();
    }

    private static string Pairs(IEnumerable<ScorePoint> points) => string.Join(", ",
        points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.Evidence:0.###} to {point.Score:0.##}")));

    private static string Line(string level, ReliabilityRow row) => string.Create(CultureInfo.InvariantCulture,
        $"  | {level} | {row.Matches} | {row.Right} | "
            + $"{(row.Precision is { } share ? share.ToString("0.00", CultureInfo.InvariantCulture) : "-")} | {row.Absurd} |");
}

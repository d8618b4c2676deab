using System.Globalization;
using System.Text;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search.Confidence;

namespace VideoUnderstanding.Server.Evaluation.Calibrating;

/// <summary>What was found, as tables for people.</summary>
internal static class CalibrationText
{
    public static string Of(IReadOnlyList<RoleFindings> findings)
    {
        var text = new StringBuilder();
        foreach (var one in findings)
            Append(text, one);
        return text.ToString();
    }

    private static void Append(StringBuilder text, RoleFindings found)
    {
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{CalibrationFile.NameOf(found.Role)}: {found.Model}, {found.Queries} queries, {found.Matches.Count} matches, {found.Matches.Count(match => match.IsRight)} of them right");
        if (found.Fitted is null)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"  no map: it takes {CalibrationFit.LeastPairs} matches, {CalibrationFit.LeastOfEither} right and as many wrong, and a precision of {CalibrationFit.LowPrecision} among the best\n");
            return;
        }
        text.AppendLine(CultureInfo.InvariantCulture,
            $"  standing to score: {string.Join(", ", found.Fitted.Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.Evidence:0.##} to {point.Score:0.##}")))}");
        text.AppendLine("  each video judged by a map fitted without it:");
        text.AppendLine("  | level | matches | right | precision | for absurd queries |");
        text.AppendLine("  | --- | --- | --- | --- | --- |");
        foreach (var row in found.Reliability)
        {
            var precision = row.Precision is { } share ? share.ToString("0.00", CultureInfo.InvariantCulture) : "-";
            text.AppendLine(CultureInfo.InvariantCulture, $"  | {row.Level.ToString().ToLowerInvariant()} | {row.Matches} | {row.Right} | {precision} | {row.Absurd} |");
        }
        text.AppendLine();
    }
}

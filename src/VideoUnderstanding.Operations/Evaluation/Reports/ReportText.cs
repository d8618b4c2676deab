using System.Globalization;
using System.Text;
using VideoUnderstanding.Operations.Evaluation.Metrics;

namespace VideoUnderstanding.Operations.Evaluation.Reports;

/// <summary>Formats a report as Markdown tables, which are also readable on a console.</summary>
internal static class ReportText
{
    private static readonly string[] Ranks = ["", "queries", "recall@1", "recall@3", "recall@5", "mean IoU", "boundaries within 2 s"];
    private static readonly string[] Trust = ["", "absurd queries", "of them answered", "answered with high", "calibration error",
        "high right (aim 0.9)", "medium right (aim 0.7)", "low right (aim 0.4)"];

    public static string Format(EvaluationReport report)
    {
        var text = new StringBuilder();
        foreach (var profile in report.Profiles)
            Add(text, report.Set, profile);
        return text.ToString();
    }

    private static void Add(StringBuilder text, string set, ProfileReport profile)
    {
        text.AppendLine(
            Invariant($"Set {set}, profile {profile.Profile}: {profile.Videos} videos indexed, {profile.LeftOut.Count} left out."));
        text.AppendLine();
        Table(text, ["role", "model", "hash"], profile.Models.Select(model => new[] { model.Role.ToString(), model.Id, model.Hash }));
        foreach (var video in profile.LeftOut)
            text.AppendLine($"Left out: {video.File}: {video.Reason}");
        if (profile.UnaskedQueries > 0)
            text.AppendLine(Invariant($"Skipped: {profile.UnaskedQueries} queries whose answers are all in omitted videos."));
        text.AppendLine();
        Table(text, Ranks, profile.Options.Concat(profile.Frames).Select(RankRow));
        Table(text, Trust, profile.Options.Select(TrustRow));
        if (profile.Pooling.Count == 0)
            return;
        text.AppendLine("Ways of pooling, visual option, all clips whatever their scores:").AppendLine();
        Table(text, Ranks, profile.Pooling.Select(RankRow));
    }

    private static string[] RankRow(GroupFigures group) =>
        [group.Name, Invariant($"{group.Queries}"), Share(group.RecallAt1), Share(group.RecallAt3), Share(group.RecallAt5),
            Share(group.MeanIou), Share(group.RightBoundaries)];

    private static string[] TrustRow(GroupFigures group) =>
    [
        group.Name, Invariant($"{group.Absurd}"), Invariant($"{group.AbsurdAnswered}"), Invariant($"{group.AbsurdWithHigh}"),
        Share(group.CalibrationError),
        .. group.Levels.Select(level => level.Precision is null ? "-"
            : Invariant($"{Share(level.Precision)} ({level.Right} of {level.Answers})")),
    ];

    private static string Share(double? share) => share is { } number ? Invariant($"{number:0.00}") : "-";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Table(StringBuilder text, string[] head, IEnumerable<string[]> rows)
    {
        List<string[]> all = [head, .. rows];
        var widths = head.Select((_, column) => Math.Max(3, all.Max(row => row[column].Length))).ToArray();
        foreach (var (row, number) in all.Select((row, number) => (row, number)))
        {
            text.AppendLine($"| {string.Join(" | ", row.Select((cell, column) => cell.PadRight(widths[column])))} |");
            if (number == 0)
                text.AppendLine($"| {string.Join(" | ", widths.Select(width => new string('-', width)))} |");
        }
        text.AppendLine();
    }
}

using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Confidence;

/// <summary>How often matches of a level were right, each judged by a map that was fitted without its video.</summary>
/// <param name="Absurd">Those that were found for queries that nothing answers.</param>
public sealed record ReliabilityRow(MatchLevel Level, int Matches, int Right, int Absurd)
{
    public double? Precision => Matches == 0 ? null : (double)Right / Matches;
}

public static class Reliability
{
    /// <summary>Leaves out one video after the other.</summary>
    /// <returns>A row for each level, the highest first.</returns>
    public static IReadOnlyList<ReliabilityRow> LeaveOneVideoOut(IReadOnlyList<JudgedMatch> matches)
        => Rows(matches.GroupBy(match => match.Video).SelectMany(video =>
        {
            var curve = CalibrationFit.Of([.. matches.Where(match => match.Video != video.Key)])?.ToMap();
            return video.Select(match => (match, curve is null ? MatchLevel.None : MatchLevels.Of(MatchLevels.Round(curve.ScoreOf(0, match.Standing)))));
        }));

    private static IReadOnlyList<ReliabilityRow> Rows(IEnumerable<(JudgedMatch Match, MatchLevel Level)> judged)
    {
        var byLevel = judged.ToLookup(pair => pair.Level, pair => pair.Match);
        return [.. Enum.GetValues<MatchLevel>().OrderDescending().Select(level
            => new ReliabilityRow(level, byLevel[level].Count(), byLevel[level].Count(match => match.IsRight), byLevel[level].Count(match => match.IsAbsurd)))];
    }
}

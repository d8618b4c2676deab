using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Confidence;

/// <summary>How often matches of a level were right, each judged by a map that was fitted without its video and its query.</summary>
/// <param name="Absurd">Those that were found for queries that nothing answers.</param>
public sealed record ReliabilityRow(MatchLevel Level, int Matches, int Right, int Absurd)
{
    public double? Precision => Matches == 0 ? null : (double)Right / Matches;
}

public static class Reliability
{
    /// <summary>Parts that videos and queries are cut into: sets of up to so many are left out one by one.</summary>
    private const int Folds = 10;

    /// <summary>Judges each part of the videos and queries by a map that was fitted without both: matches of one video are alike, and those of one query are.</summary>
    /// <returns>A row for each level, the highest first.</returns>
    public static IReadOnlyList<ReliabilityRow> OfUnseen(IReadOnlyList<JudgedMatch> matches)
    {
        var (videos, queries) = (FoldsOf(matches, match => match.Video), FoldsOf(matches, match => match.Query));
        return Rows(matches.GroupBy(match => (Video: videos[match.Video], Query: queries[match.Query])).SelectMany(part =>
        {
            var curve = CalibrationFit.Of([.. matches.Where(match => videos[match.Video] != part.Key.Video && queries[match.Query] != part.Key.Query)])?.ToMap();
            return part.Select(match => (match, curve is null ? MatchLevel.None : MatchLevels.Of(MatchLevels.Round(curve.ScoreOf(0, match.Standing)))));
        }));
    }

    private static Dictionary<string, int> FoldsOf(IEnumerable<JudgedMatch> matches, Func<JudgedMatch, string> name)
        => matches.Select(name).Distinct().Order(StringComparer.Ordinal).Select((one, place) => (one, place)).ToDictionary(pair => pair.one, pair => pair.place % Folds);

    private static IReadOnlyList<ReliabilityRow> Rows(IEnumerable<(JudgedMatch Match, MatchLevel Level)> judged)
    {
        var byLevel = judged.ToLookup(pair => pair.Level, pair => pair.Match);
        return [.. Enum.GetValues<MatchLevel>().OrderDescending().Select(level
            => new ReliabilityRow(level, byLevel[level].Count(), byLevel[level].Count(match => match.IsRight), byLevel[level].Count(match => match.IsAbsurd)))];
    }
}

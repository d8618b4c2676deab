using VideoUnderstanding.Inference.Confidence;
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

    /// <summary>A level needs so many unseen matches before its precision counts.</summary>
    private const int LeastMatches = 10;

    /// <summary>Judges each part of the videos and queries by a map that was fitted without both: matches of one video are alike, and those
    /// of one query are.</summary>
    /// <param name="highest">The maps give no level above this one.</param>
    /// <returns>A row for each level, the highest first.</returns>
    public static IReadOnlyList<ReliabilityRow> OfUnseen(
        IReadOnlyList<JudgedMatch> matches, EvidenceKind kind = EvidenceKind.Standing, MatchLevel highest = MatchLevel.High)
        => OfUnseen(matches, matches, others => CalibrationFit.Of([.. others.Select(i => matches[i])], kind, highest));

    /// <summary>The same for maps by <see cref="CalibrationFit.OfBoth"/>.</summary>
    public static IReadOnlyList<ReliabilityRow> OfUnseen(
        IReadOnlyList<JudgedMatch> byStanding, IReadOnlyList<JudgedMatch> byCosine, MatchLevel highest)
        => OfUnseen(byStanding, byCosine, others
            => CalibrationFit.OfBoth([.. others.Select(i => byStanding[i])], [.. others.Select(i => byCosine[i])], highest));

    /// <param name="fit">Fits a map to the matches at these places.</param>
    private static IReadOnlyList<ReliabilityRow> OfUnseen(
        IReadOnlyList<JudgedMatch> byStanding, IReadOnlyList<JudgedMatch> byCosine, Func<IEnumerable<int>, RoleCalibration?> fit)
    {
        var (videos, queries) = (FoldsOf(byStanding, match => match.Video), FoldsOf(byStanding, match => match.Query));
        var places = Enumerable.Range(0, byStanding.Count)
            .Select(i => (Place: i, Video: videos[byStanding[i].Video], Query: queries[byStanding[i].Query])).ToList();
        return Rows(places.GroupBy(one => (one.Video, one.Query)).SelectMany(part =>
        {
            var others = places.Where(one => one.Video != part.Key.Video && one.Query != part.Key.Query).Select(one => one.Place);
            var map = fit(others)?.ToMap();
            return part.Select(one => (byStanding[one.Place], map is null ? MatchLevel.None
                : MatchLevels.Of(MatchLevels.Round(map.ScoreOf(byCosine[one.Place].Evidence, byStanding[one.Place].Evidence)))));
        }));
    }

    /// <summary>The highest level whose unseen matches, together with those of the levels above it, reach the precision of the level.
    /// A map must not give a level above this one.</summary>
    /// <param name="rows">From <see cref="OfUnseen"/> without a limit.</param>
    /// <returns>High, medium or low. Low is the default threshold and has no such condition.</returns>
    public static MatchLevel HighestSupported(IReadOnlyList<ReliabilityRow> rows)
    {
        bool Supports(MatchLevel level, double precision)
        {
            var above = rows.Where(row => row.Level >= level).ToList();
            var matches = above.Sum(row => row.Matches);
            return matches >= LeastMatches && above.Sum(row => row.Right) >= precision * matches;
        }
        return Supports(MatchLevel.High, CalibrationFit.HighPrecision) ? MatchLevel.High
            : Supports(MatchLevel.Medium, CalibrationFit.MediumPrecision) ? MatchLevel.Medium
            : MatchLevel.Low;
    }

    private static Dictionary<string, int> FoldsOf(IEnumerable<JudgedMatch> matches, Func<JudgedMatch, string> name)
        => matches.Select(name).Distinct().Order(StringComparer.Ordinal).Select((one, place) => (one, place))
            .ToDictionary(pair => pair.one, pair => pair.place % Folds);

    private static IReadOnlyList<ReliabilityRow> Rows(IEnumerable<(JudgedMatch Match, MatchLevel Level)> judged)
    {
        var byLevel = judged.ToLookup(pair => pair.Level, pair => pair.Match);
        return [.. Enum.GetValues<MatchLevel>().OrderDescending().Select(level
            => new ReliabilityRow(level, byLevel[level].Count(), byLevel[level].Count(match => match.IsRight),
                byLevel[level].Count(match => match.IsAbsurd)))];
    }
}

using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Confidence;

/// <summary>Precision of a level in cross-validation: each match is scored by a map that was fitted without its video and its
/// query.</summary>
/// <param name="Absurd">Matches of absurd queries.</param>
public sealed record ReliabilityRow(MatchLevel Level, int Matches, int Right, int Absurd)
{
    public double? Precision => Matches == 0 ? null : (double)Right / Matches;
}

public static class Reliability
{
    /// <summary>Number of folds of videos and of queries; smaller sets are left out one by one.</summary>
    private const int Folds = 10;

    /// <summary>Minimum held-out matches of a level for its precision to count.</summary>
    private const int MinMatches = 10;

    /// <summary>Cross-validates over folds of videos and queries. The map for a fold is fitted without its videos and without its queries,
    /// because matches of one video or one query are correlated.</summary>
    /// <param name="highest">The fitted maps give no level above this one.</param>
    /// <returns>A row for each level, the highest first.</returns>
    public static IReadOnlyList<ReliabilityRow> OfUnseen(
        IReadOnlyList<JudgedMatch> matches, EvidenceKind kind = EvidenceKind.NormalizedScore, MatchLevel highest = MatchLevel.High)
        => OfUnseen(matches, matches, others => CalibrationFit.Of([.. others.Select(i => matches[i])], kind, highest));

    /// <summary>Cross-validates maps of <see cref="CalibrationFit.OfBoth"/>.</summary>
    public static IReadOnlyList<ReliabilityRow> OfUnseen(
        IReadOnlyList<JudgedMatch> byNormalizedScore, IReadOnlyList<JudgedMatch> byCosine, MatchLevel highest)
        => OfUnseen(byNormalizedScore, byCosine, others
            => CalibrationFit.OfBoth([.. others.Select(i => byNormalizedScore[i])], [.. others.Select(i => byCosine[i])], highest));

    /// <param name="fit">Fits a map to the matches with these positions.</param>
    private static IReadOnlyList<ReliabilityRow> OfUnseen(
        IReadOnlyList<JudgedMatch> byNormalizedScore, IReadOnlyList<JudgedMatch> byCosine, Func<IEnumerable<int>, RoleCalibration?> fit)
    {
        var (videos, queries) = (FoldsOf(byNormalizedScore, match => match.Video), FoldsOf(byNormalizedScore, match => match.Query));
        var places = Enumerable.Range(0, byNormalizedScore.Count)
            .Select(i => (Place: i, Video: videos[byNormalizedScore[i].Video], Query: queries[byNormalizedScore[i].Query])).ToList();
        return Rows(places.GroupBy(one => (one.Video, one.Query)).SelectMany(part =>
        {
            var others = places.Where(one => one.Video != part.Key.Video && one.Query != part.Key.Query).Select(one => one.Place);
            var map = fit(others)?.ToMap();
            return part.Select(one => (byNormalizedScore[one.Place], map is null ? MatchLevel.None
                : MatchLevels.Of(MatchLevels.Round(map.ScoreOf(byCosine[one.Place].Evidence, byNormalizedScore[one.Place].Evidence)))));
        }));
    }

    /// <summary>Returns the highest level whose held-out matches, together with those of higher levels, reach the level's precision. A map
    /// must not give a higher level.</summary>
    /// <param name="rows">From <see cref="OfUnseen"/> without a limit.</param>
    /// <returns>High, medium or low. Low is the default threshold and needs no precision.</returns>
    public static MatchLevel HighestSupported(IReadOnlyList<ReliabilityRow> rows)
    {
        bool Supports(MatchLevel level, double precision)
        {
            var above = rows.Where(row => row.Level >= level).ToList();
            var matches = above.Sum(row => row.Matches);
            return matches >= MinMatches && above.Sum(row => row.Right) >= precision * matches;
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

using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Logos;

/// <summary>A time range in which a brand was detected. Times are seconds; the score is 0 to 100.</summary>
internal readonly record struct LogoDetection(string VideoId, string Brand, double Start, double End, double Score);

/// <summary>Merges and scores logo detections.</summary>
internal static class LogoDetections
{
    /// <summary>Rounds times outwards to whole seconds (CONTRACT 10), and merges detections of one brand that touch or nearly touch. A
    /// merged fragment has the highest score.</summary>
    /// <param name="maxGap">Maximum gap in seconds between two detections that are merged.</param>
    public static IReadOnlyList<Fragment> Merge(IEnumerable<LogoDetection> detections, double maxGap)
    {
        var merged = new List<Fragment>();
        foreach (var brand in detections.GroupBy(detection => (detection.VideoId, detection.Brand)))
        {
            Fragment? open = null;
            foreach (var next in brand.OrderBy(detection => detection.Start))
            {
                var (start, end) = (Math.Floor(next.Start), Math.Max(Math.Floor(next.Start) + 1, Math.Ceiling(next.End)));
                if (open is not null && start <= open.End + maxGap)
                {
                    open = open with { End = Math.Max(open.End, end), Score = Math.Max(open.Score, next.Score) };
                    continue;
                }
                if (open is not null)
                    merged.Add(open);
                open = new Fragment(next.VideoId, start, end, IndexOptions.Logo, next.Score, next.Brand);
            }
            merged.Add(open!);
        }
        return merged;
    }

    /// <summary>Maps a cosine linearly to a score: the minimum cosine to the lower limit of medium, 1 to the score of an exact match
    /// (CONTRACT 7.4).</summary>
    public static double ScoreOf(double cosine, double minCosine)
        => MatchLevels.Medium + (FixedScores.Exact - MatchLevels.Medium) * Math.Clamp((cosine - minCosine) / (1 - minCosine), 0, 1);
}

using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Logos;

/// <summary>A brand that was seen or read for a while. Seconds; the score is 0 to 100.</summary>
internal readonly record struct Sighting(string VideoId, string Brand, double Start, double End, double Score);

/// <summary>Puts sightings together.</summary>
internal static class Sightings
{
    /// <summary>Times are whole seconds that hold all of the stretch (CONTRACT 10). Stretches of one brand that touch, or nearly, are one
    /// and have the best score.</summary>
    /// <param name="bridged">Seconds between two that are told as one.</param>
    public static IReadOnlyList<Fragment> Merge(IEnumerable<Sighting> sightings, double bridged)
    {
        var merged = new List<Fragment>();
        foreach (var brand in sightings.GroupBy(sighting => (sighting.VideoId, sighting.Brand)))
        {
            Fragment? open = null;
            foreach (var next in brand.OrderBy(sighting => sighting.Start))
            {
                var (start, end) = (Math.Floor(next.Start), Math.Max(Math.Floor(next.Start) + 1, Math.Ceiling(next.End)));
                if (open is not null && start <= open.End + bridged)
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

    /// <summary>How sure a likeness is: from the lower edge of a medium match at the least that counts to the score of an exact one
    /// (CONTRACT 7.4).</summary>
    public static double ScoreOf(double cosine, double least)
        => MatchLevels.Medium + (FixedScores.Exact - MatchLevels.Medium) * Math.Clamp((cosine - least) / (1 - least), 0, 1);
}

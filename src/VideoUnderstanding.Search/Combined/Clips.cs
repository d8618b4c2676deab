using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Combined;

/// <summary>Builds a clip from other clips of the same video.</summary>
internal static class Clips
{
    /// <summary>Returns a clip from the first start to the last end, with the mean score and the distinct matches of all parts.</summary>
    public static ClipMatch Span(IReadOnlyList<ClipMatch> parts) => parts.Count == 1
        ? parts[0]
        : new ClipMatch(
            parts[0].VideoId,
            parts.Min(part => part.Start),
            parts.Max(part => part.End),
            MatchLevels.Round(parts.Average(part => part.Score)),
            [.. parts.SelectMany(part => part.Matches).DistinctBy(match => (match.Option, match.Text))]);
}

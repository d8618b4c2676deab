using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Combined;

/// <summary>Clips made of clips.</summary>
internal static class Clips
{
    /// <summary>From the first start to the last end; the mean of the scores; what every part matched.</summary>
    public static ClipMatch Span(IReadOnlyList<ClipMatch> parts) => parts.Count == 1
        ? parts[0]
        : new ClipMatch(
            parts[0].VideoId,
            parts.Min(part => part.Start),
            parts.Max(part => part.End),
            MatchLevels.Round(parts.Average(part => part.Score)),
            [.. parts.SelectMany(part => part.Matches).DistinctBy(match => (match.Option, match.Text))]);
}

using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Server.Api.Indexes;

/// <summary>Number and total duration of the indexed videos of an index.</summary>
/// <param name="TotalDuration">Seconds, to the millisecond.</param>
public readonly record struct IndexTotals(int VideoCount, double TotalDuration)
{
    /// <summary>Returns the totals by index id. Indexes without indexed videos are omitted.</summary>
    public static async Task<IReadOnlyDictionary<string, IndexTotals>> ReadAsync(
        VideoDbContext db, IReadOnlyList<string> indexIds, CancellationToken cancellationToken)
        => await db.Videos.Indexed()
            .Where(video => indexIds.Contains(video.IndexId))
            .GroupBy(video => video.IndexId)
            .Select(group => new { group.Key, Count = group.Count(), Duration = group.Sum(video => video.Duration) ?? 0 })
            .ToDictionaryAsync(group => group.Key, group => new IndexTotals(group.Count, Math.Round(group.Duration, 3)), cancellationToken);
}

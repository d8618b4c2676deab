using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Server.Api.Indexes;

/// <summary>How much an index holds: indexed videos only.</summary>
/// <param name="TotalDuration">Seconds, to the millisecond.</param>
public readonly record struct IndexTotals(int VideoCount, double TotalDuration)
{
    /// <summary>Totals by index; empty indexes are left out.</summary>
    public static async Task<IReadOnlyDictionary<string, IndexTotals>> OfAsync(
        VideoDbContext db, IReadOnlyList<string> indexIds, CancellationToken cancellationToken)
        => await db.Videos.Indexed()
            .Where(video => indexIds.Contains(video.IndexId))
            .GroupBy(video => video.IndexId)
            .Select(group => new { group.Key, Count = group.Count(), Duration = group.Sum(video => video.Duration) ?? 0 })
            .ToDictionaryAsync(group => group.Key, group => new IndexTotals(group.Count, Math.Round(group.Duration, 3)), cancellationToken);
}

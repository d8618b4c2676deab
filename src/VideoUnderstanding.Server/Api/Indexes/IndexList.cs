using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Reading;

namespace VideoUnderstanding.Server.Api.Indexes;

/// <summary>The filters of the list of indexes. CONTRACT, section 4.</summary>
internal static class IndexList
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    public static ListTable<VideoIndex> Table { get; } = new(
    [
        ListFields.Id<VideoIndex>("_id", index => index.Id),
        ListFields.NormalText<VideoIndex>("index_name", index => index.NormalName),
        ListFields.Text<VideoIndex>("engine_id", index => index.EngineId),
        new ListField<VideoIndex>("index_options", false, WithOptions) { IsList = true },
        new ListField<VideoIndex>(Deleted, false, (indexes, _, text) => ListFields.ReadBoolean(Deleted, text) ? indexes : indexes.Live()),
        ListFields.Time<VideoIndex>("created_at", index => index.CreatedAt, Millisecond),
        ListFields.Time<VideoIndex>("updated_at", index => index.UpdatedAt, Millisecond),
    ], index => index.Id, index => index.CreatedAt, index => index.UpdatedAt, OldestFirst: true);

    /// <summary>Includes deleted indexes if true.</summary>
    public const string Deleted = "deleted";

    /// <summary>Keeps indexes that have all options of a comma-separated list.</summary>
    private static IQueryable<VideoIndex> WithOptions(IQueryable<VideoIndex> indexes, Comparison comparison, string text)
    {
        var wanted = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return indexes.Where(index => wanted.All(option => index.Options.Contains(option)));
    }
}

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

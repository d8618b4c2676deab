namespace VideoUnderstanding.Data.Entities;

/// <summary>Common query conditions.</summary>
public static class OwnedQueries
{
    public static IQueryable<T> OwnedBy<T>(this IQueryable<T> rows, string accountId) where T : class, IOwned
        => rows.Where(row => row.AccountId == accountId);

    /// <summary>Returns indexes that are not deleted.</summary>
    public static IQueryable<VideoIndex> Live(this IQueryable<VideoIndex> indexes) => indexes.Where(index => index.DeletedAt == null);

    /// <summary>Returns completely indexed videos, the only ones that are counted.</summary>
    public static IQueryable<Video> Indexed(this IQueryable<Video> videos) => videos.Where(video => video.IndexedAt != null);

    /// <summary>Returns completely or partly indexed videos, which searches include.</summary>
    public static IQueryable<Video> Searchable(this IQueryable<Video> videos)
        => videos.Where(video => video.IndexedAt != null || video.PartlyIndexedAt != null);
}

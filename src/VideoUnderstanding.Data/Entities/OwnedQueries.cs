namespace VideoUnderstanding.Data.Entities;

/// <summary>Conditions that many queries share.</summary>
public static class OwnedQueries
{
    public static IQueryable<T> OwnedBy<T>(this IQueryable<T> rows, string accountId) where T : class, IOwned
        => rows.Where(row => row.AccountId == accountId);

    /// <summary>Indexes that were not deleted.</summary>
    public static IQueryable<VideoIndex> Live(this IQueryable<VideoIndex> indexes) => indexes.Where(index => index.DeletedAt == null);

    /// <summary>Videos whose indexing finished: the only ones that are counted.</summary>
    public static IQueryable<Video> Indexed(this IQueryable<Video> videos) => videos.Where(video => video.IndexedAt != null);

    /// <summary>Videos that searches see: those whose indexing finished, and those of which a part is indexed.</summary>
    public static IQueryable<Video> Searchable(this IQueryable<Video> videos)
        => videos.Where(video => video.IndexedAt != null || video.PartlyIndexedAt != null);
}

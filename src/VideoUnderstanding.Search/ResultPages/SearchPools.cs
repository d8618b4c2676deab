using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.Search.ResultPages;

/// <summary>Measures what a search has to search in. Always the whole index, whatever the filter. CONTRACT 7.5.</summary>
public static class SearchPools
{
    public static async Task<SearchPool> PoolOfAsync(this VideoDbContext db, string indexId, CancellationToken cancellationToken)
        => await db.Videos.Where(video => video.IndexId == indexId && video.IndexedAt != null)
            .GroupBy(video => video.IndexId)
            .Select(videos => new SearchPool(videos.Key, videos.Count(), Math.Round(videos.Sum(video => video.Duration) ?? 0, 3)))
            .SingleOrDefaultAsync(cancellationToken) ?? new SearchPool(indexId, 0, 0);
}

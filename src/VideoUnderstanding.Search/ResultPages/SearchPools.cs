using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Search.ResultPages;

/// <summary>Computes the pool of a search: always the whole index, independent of filters. CONTRACT 7.5.</summary>
public static class SearchPools
{
    public static async Task<SearchPool> PoolOfAsync(this VideoDbContext db, string indexId, CancellationToken cancellationToken)
    {
        var pool = await db.Videos.Indexed().Where(video => video.IndexId == indexId)
            .GroupBy(video => video.IndexId)
            .Select(videos => new SearchPool(videos.Key, videos.Count(), Math.Round(videos.Sum(video => video.Duration) ?? 0, 3), 0))
            .SingleOrDefaultAsync(cancellationToken) ?? new SearchPool(indexId, 0, 0);
        return pool with
        {
            Indexing = await db.Tasks.CountAsync(task => task.IndexId == indexId
                && (task.State == TaskState.Validating || task.State == TaskState.Pending || task.State == TaskState.Indexing),
                cancellationToken),
        };
    }
}

using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Indexing.Journal;

internal static class LivingVideoQueries
{
    /// <summary>Videos that are there and whose index was not deleted.</summary>
    public static IQueryable<Video> LivingVideos(this VideoDbContext db)
        => db.Videos.Where(video => db.Indexes.Any(index => index.Id == video.IndexId && index.DeletedAt == null));
}

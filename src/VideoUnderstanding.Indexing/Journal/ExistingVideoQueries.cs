using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Indexing.Journal;

internal static class ExistingVideoQueries
{
    /// <summary>Returns the videos whose index is not deleted.</summary>
    public static IQueryable<Video> ExistingVideos(this VideoDbContext db)
        => db.Videos.Where(video => db.Indexes.Any(index => index.Id == video.IndexId && index.DeletedAt == null));
}

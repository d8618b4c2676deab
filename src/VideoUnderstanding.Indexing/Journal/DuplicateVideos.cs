using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing.Stages;

namespace VideoUnderstanding.Indexing.Journal;

/// <summary>Finds a video of an index with the same content as the video of an attempt.</summary>
internal static class DuplicateVideos
{
    /// <summary>Requires a transaction. An advisory lock serialises calls for the same content and index until the transaction
    /// ends.</summary>
    /// <returns>An indexed video if there is one; otherwise a video that is being indexed and does not wait for this attempt; null if the
    /// attempt may continue.</returns>
    public static async Task<DuplicateVideo?> FindAsync(VideoDbContext db, IndexingRun run, CancellationToken cancellationToken)
    {
        var hash = await db.Videos.Where(video => video.Id == run.VideoId).Select(video => video.Sha256)
            .SingleOrDefaultAsync(cancellationToken);
        if (hash is null)
            return null;
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({run.Index.Id + hash}, 0))", cancellationToken);
        var same = db.Videos.Where(video => video.IndexId == run.Index.Id && video.Sha256 == hash && video.Id != run.VideoId)
            .OrderBy(video => video.CreatedAt).ThenBy(video => video.Id);
        if (await same.Indexed().Select(video => video.Id).FirstOrDefaultAsync(cancellationToken) is { } indexed)
            return new DuplicateVideo(indexed, IsIndexed: true);
        // Transfers wait for tasks that have passed this stage, and for single uploads, which skip it.
        var working = await same
            .Where(video => db.Tasks.Any(task => task.VideoId == video.Id && task.State != TaskState.Failed && task.State != TaskState.Ready
                && (task.FinishedStages.Contains(SkipDuplicateStage.StageName)
                    || task.VideoUrl == null || task.VideoUrl.StartsWith("http"))))
            .Select(video => video.Id)
            .FirstOrDefaultAsync(cancellationToken);
        return working is null ? null : new DuplicateVideo(working, IsIndexed: false);
    }
}

/// <summary>Another video with the same content.</summary>
internal sealed record DuplicateVideo(string VideoId, bool IsIndexed);

using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing.Stages;

namespace VideoUnderstanding.Indexing.Journal;

/// <summary>Finds the video of an index that has the same content as the one of a run.</summary>
internal static class Twins
{
    /// <summary>Call it inside a transaction: until its end no other run is told about the same content of the index.</summary>
    /// <returns>An indexed video if there is one; otherwise one whose indexing will not be held up by this run; null when the run may go
    /// on.</returns>
    public static async Task<Twin?> FindAsync(VideoDbContext db, IndexingRun run, CancellationToken cancellationToken)
    {
        var hash = await db.Videos.Where(video => video.Id == run.VideoId).Select(video => video.Sha256)
            .SingleOrDefaultAsync(cancellationToken);
        if (hash is null)
            return null;
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({run.Index.Id + hash}, 0))", cancellationToken);
        var same = db.Videos.Where(video => video.IndexId == run.Index.Id && video.Sha256 == hash && video.Id != run.VideoId)
            .OrderBy(video => video.CreatedAt).ThenBy(video => video.Id);
        if (await same.Indexed().Select(video => video.Id).FirstOrDefaultAsync(cancellationToken) is { } indexed)
            return new Twin(indexed, IsIndexed: true);
        // Transfers wait for what has got past this point, and for single uploads, which never ask.
        var working = await same
            .Where(video => db.Tasks.Any(task => task.VideoId == video.Id && task.State != TaskState.Failed && task.State != TaskState.Ready
                && (task.FinishedStages.Contains(SkipDuplicateStage.StageName)
                    || task.VideoUrl == null || task.VideoUrl.StartsWith("http"))))
            .Select(video => video.Id)
            .FirstOrDefaultAsync(cancellationToken);
        return working is null ? null : new Twin(working, IsIndexed: false);
    }
}

/// <summary>Another video with the same content.</summary>
internal sealed record Twin(string VideoId, bool IsIndexed);

using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing.Fetching;
using VideoUnderstanding.Indexing.Progress;

namespace VideoUnderstanding.Indexing.Stages;

/// <summary>Prevents transfers from storing a video twice in an index, CONTRACT 6.6. The first attempt with a content passes; later ones
/// wait and end with its video.</summary>
public sealed class SkipDuplicateStage : IIndexingStage
{
    public const string StageName = "skip_duplicate";

    public string Name => StageName;
    public double Weight => 0;
    public bool Validates => true;

    public bool AppliesTo(IndexingRun run) => TransferSources.IsTransfer(run.Task.VideoUrl);

    /// <exception cref="DuplicateVideoException">Thrown by the writes if the index has the video or is indexing it.</exception>
    public Task<StageWrites> RunAsync(IndexingRun run, StageProgress progress, CancellationToken cancellationToken)
        => Task.FromResult<StageWrites>(async (db, token) =>
        {
            // In the transaction that finishes this stage: of two equal videos one passes, and the other detects it.
            if (await DuplicateVideos.FindAsync(db, run, token) is { } duplicate)
                throw new DuplicateVideoException(duplicate.VideoId, duplicate.IsIndexed);
        });
}

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

/// <summary>The index already has a video with the same content.</summary>
/// <param name="isIndexed">False while the other video is still being indexed and can fail.</param>
public sealed class DuplicateVideoException(string videoId, bool isIndexed) : Exception($"The file is the same as that of video {videoId}.")
{
    public string VideoId { get; } = videoId;
    public bool IsIndexed { get; } = isIndexed;
}

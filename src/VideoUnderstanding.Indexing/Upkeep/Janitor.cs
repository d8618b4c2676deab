using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.Indexing.Upkeep;

/// <summary>Takes away what nothing refers to any more: old thumbnails, files of interrupted uploads and fetches, files of videos that are
/// gone or have failed.</summary>
public sealed partial class Janitor(VideoDbContext db, StoredFiles files, DataFolder folder, TimeProvider clock, ILogger<Janitor> logger)
{
    /// <summary>Longer than any upload lasts.</summary>
    private static readonly TimeSpan TemporaryFilesLive = TimeSpan.FromDays(1);

    /// <summary>A stored file may be a little older than its row.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    /// <summary>Clients may ask for a picture of any millisecond: what is kept of them is bounded by time.</summary>
    private static readonly TimeSpan ThumbnailsLive = TimeSpan.FromDays(7);

    private const int BatchSize = 500;

    public async Task TidyAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var temporary = folder.DeleteTemporaryFiles(now - TemporaryFilesLive);
        var thumbnails = await files.DeleteThumbnailsAsync(now - ThumbnailsLive, cancellationToken);
        var videos = 0;
        foreach (var batch in (await files.ListVideoIdsAsync(now - Grace, cancellationToken)).Chunk(BatchSize))
            videos += await DeleteUnwantedAsync(batch, cancellationToken);
        LogTidied(logger, temporary, thumbnails, videos);
    }

    /// <summary>Answers whose pages can not be read any more: large, and many on a busy server. Called far more often than the
    /// rest.</summary>
    public async Task ForgetAnswersAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await db.ResultSets.Where(set => set.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task<int> DeleteUnwantedAsync(string[] ids, CancellationToken cancellationToken)
    {
        var wanted = await db.Videos
            .Where(video => ids.Contains(video.Id) && !db.Tasks.Any(task => task.VideoId == video.Id && task.State == TaskState.Failed))
            .Select(video => video.Id)
            .ToListAsync(cancellationToken);
        var unwanted = ids.Except(wanted).ToList();
        foreach (var videoId in unwanted)
            await files.DeleteVideoAsync(videoId, cancellationToken);
        return unwanted.Count;
    }

    [LoggerMessage(EventId = 2201, Level = LogLevel.Information,
        Message = "Tidied up: {Temporary} unfinished files, {Thumbnails} old thumbnails, files of {Videos} videos")]
    private static partial void LogTidied(ILogger logger, int temporary, int thumbnails, int videos);
}

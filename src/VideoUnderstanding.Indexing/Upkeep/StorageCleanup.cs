using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.Indexing.Upkeep;

/// <summary>Removes unreferenced files: old thumbnails, temporary files of interrupted uploads and downloads, and files of deleted or
/// failed videos.</summary>
public sealed partial class StorageCleanup(
    VideoDbContext db, StoredFiles files, DataFolder folder, TimeProvider clock, ILogger<StorageCleanup> logger)
{
    /// <summary>Age from which temporary files are removed; longer than any upload.</summary>
    private static readonly TimeSpan TemporaryFileLifetime = TimeSpan.FromDays(1);

    /// <summary>Minimum age of a file without a row: a file is stored shortly before its row.</summary>
    private static readonly TimeSpan MinFileAge = TimeSpan.FromHours(1);

    /// <summary>Age from which thumbnails are removed. Clients can request one for any millisecond, so their number is unbounded.</summary>
    private static readonly TimeSpan ThumbnailLifetime = TimeSpan.FromDays(7);

    private const int BatchSize = 500;

    public async Task CleanUpAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var temporary = folder.DeleteTemporaryFiles(now - TemporaryFileLifetime);
        var thumbnails = await files.DeleteThumbnailsAsync(now - ThumbnailLifetime, cancellationToken);
        var videos = 0;
        foreach (var batch in (await files.ListVideoIdsAsync(now - MinFileAge, cancellationToken)).Chunk(BatchSize))
            videos += await DeleteUnwantedAsync(batch, cancellationToken);
        LogTidied(logger, temporary, thumbnails, videos);
    }

    /// <summary>Deletes expired search answers, which are large and numerous on a busy server. Runs more often than
    /// <see cref="CleanUpAsync"/>.</summary>
    public async Task DeleteExpiredAnswersAsync(CancellationToken cancellationToken)
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

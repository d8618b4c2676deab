using VideoUnderstanding.Data.Backups;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Storage;

/// <summary>The stored files of videos. All keys are created here from ids.</summary>
public sealed class StoredFiles(IFileStore store, DataFolder folder, TimeProvider clock)
{
    private const string Videos = "videos/";
    private const string Transcripts = "transcripts/";
    private const string Thumbnails = "thumbnails/";
    private const string Pictures = "pictures/";

    /// <summary>Key prefix of files for playback, which can all be recreated.</summary>
    public const string Streams = "streams/";

    /// <summary>All key prefixes.</summary>
    public static readonly string[] Prefixes = [Videos, Transcripts, Thumbnails, Pictures, Streams];

    /// <summary>Lifetime of the backup mark after its last update.</summary>
    public static readonly TimeSpan BackupMarkLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Key of the file that marks a running backup for all servers of a bucket.</summary>
    private const string BackupKey = "backup";

    public IFileStore Store => store;

    /// <summary>Key of the original video file.</summary>
    public static string VideoKey(string videoId) => Videos + Checked(videoId);

    /// <summary>Key of the user's transcript of the video.</summary>
    public static string TranscriptKey(string videoId) => Transcripts + Checked(videoId);

    /// <summary>Key of the file with the analysed pictures of the video, which exists if <c>Indexing:KeepPictures</c> was on.</summary>
    public static string PicturesKey(string videoId) => Pictures + Checked(videoId);

    /// <summary>Key of a thumbnail at a time in seconds, rounded to milliseconds.</summary>
    public static string ThumbnailKey(string videoId, double time)
        => $"{Thumbnails}{Checked(videoId)}/{(long)Math.Round(time * 1000)}.jpeg";

    /// <param name="name">Name of a playlist or segment.</param>
    public static string StreamKey(string videoId, string name) => $"{Streams}{Checked(videoId)}/{name}";

    /// <summary>
    /// Deletes all files of a video; missing files are no error. Does nothing while a backup is running, because it may contain the video's
    /// row; the storage cleanup deletes the files later.
    /// </summary>
    public async Task DeleteVideoAsync(string videoId, CancellationToken cancellationToken)
    {
        Checked(videoId);
        if (BackupLock.IsHeld(folder.Root) || await IsBackupMarkedAsync(cancellationToken).ConfigureAwait(false))
            return;
        await store.DeleteAsync(VideoKey(videoId), cancellationToken).ConfigureAwait(false);
        await store.DeleteAsync(TranscriptKey(videoId), cancellationToken).ConfigureAwait(false);
        await store.DeleteAsync(PicturesKey(videoId), cancellationToken).ConfigureAwait(false);
        foreach (var prefix in (string[])[Thumbnails, Streams])
            await foreach (var file in store.ListAsync($"{prefix}{videoId}/", cancellationToken).ConfigureAwait(false))
                await store.DeleteAsync(file.Key, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Marks a running backup for all servers of the store. Must be repeated before <see cref="BackupMarkLifetime"/> has
    /// passed.</summary>
    public Task MarkBackupAsync(CancellationToken cancellationToken) => store.WriteAsync(BackupKey, Stream.Null, cancellationToken);

    public Task UnmarkBackupAsync(CancellationToken cancellationToken) => store.DeleteAsync(BackupKey, cancellationToken);

    /// <summary>Lists the files of a video for a backup, without files for playback.</summary>
    public async Task<IReadOnlyList<StoredFile>> ListForBackupAsync(string videoId, CancellationToken cancellationToken)
    {
        var files = new List<StoredFile>();
        foreach (var key in (string[])[VideoKey(videoId), TranscriptKey(videoId), PicturesKey(videoId)])
            if (await store.FindAsync(key, cancellationToken).ConfigureAwait(false) is { } file)
                files.Add(file);
        await foreach (var file in store.ListAsync($"{Thumbnails}{videoId}/", cancellationToken).ConfigureAwait(false))
            files.Add(file);
        return files;
    }

    /// <summary>Returns the ids of all videos with a file that was last written before the given time.</summary>
    public async Task<IReadOnlyCollection<string>> ListVideoIdsAsync(DateTimeOffset writtenBefore, CancellationToken cancellationToken)
    {
        var ids = new HashSet<string>();
        foreach (var prefix in Prefixes)
            await foreach (var file in store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
                if (file.Written < writtenBefore && file.Key[prefix.Length..].Split('/')[0] is var id && ObjectIds.IsWellFormed(id))
                    ids.Add(id);
        return ids;
    }

    /// <summary>Deletes thumbnails that were created before the given time. They are recreated on request.</summary>
    /// <returns>Number of deleted thumbnails.</returns>
    public async Task<int> DeleteThumbnailsAsync(DateTimeOffset writtenBefore, CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var file in store.ListAsync(Thumbnails, cancellationToken).ConfigureAwait(false))
            if (file.Written < writtenBefore)
            {
                await store.DeleteAsync(file.Key, cancellationToken).ConfigureAwait(false);
                count++;
            }
        return count;
    }

    private async Task<bool> IsBackupMarkedAsync(CancellationToken cancellationToken)
        => await store.FindAsync(BackupKey, cancellationToken).ConfigureAwait(false) is { } mark
            && clock.GetUtcNow() - mark.Written < BackupMarkLifetime;

    private static string Checked(string videoId)
        => ObjectIds.IsWellFormed(videoId) ? videoId : throw new ArgumentException("Not a video identifier.", nameof(videoId));
}

using VideoUnderstanding.Data.Backups;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Storage;

/// <summary>The stored files of videos. Each key is made here from an identifier.</summary>
public sealed class StoredFiles(IFileStore store, DataFolder folder, TimeProvider clock)
{
    private const string Videos = "videos/";
    private const string Transcripts = "transcripts/";
    private const string Thumbnails = "thumbnails/";

    /// <summary>Start of the keys of everything that was made for playing videos. All of it can be made again.</summary>
    public const string Streams = "streams/";

    /// <summary>The starts of all keys.</summary>
    public static readonly string[] Prefixes = [Videos, Transcripts, Thumbnails, Streams];

    /// <summary>Time that the mark of a backup counts after it was last written.</summary>
    public static readonly TimeSpan BackupMarkLife = TimeSpan.FromMinutes(10);

    /// <summary>Key of the file that says to all servers of a bucket that a backup is being made.</summary>
    private const string BackupKey = "backup";

    public IFileStore Store => store;

    /// <summary>The file of a video, as it was received.</summary>
    public static string VideoKey(string videoId) => Videos + Checked(videoId);

    /// <summary>The transcript that the user provided for the video.</summary>
    public static string TranscriptKey(string videoId) => Transcripts + Checked(videoId);

    /// <summary>A thumbnail at a time in seconds, rounded to milliseconds.</summary>
    public static string ThumbnailKey(string videoId, double time)
        => $"{Thumbnails}{Checked(videoId)}/{(long)Math.Round(time * 1000)}.jpeg";

    /// <param name="name">A playlist or segment.</param>
    public static string StreamKey(string videoId, string name) => $"{Streams}{Checked(videoId)}/{name}";

    /// <summary>
    /// Removes all files of a video. It is no error if they are gone already. Nothing is removed while a backup is being made, because the
    /// backup may contain the video's row; the janitor removes the files later.
    /// </summary>
    public async Task DeleteVideoAsync(string videoId, CancellationToken cancellationToken)
    {
        Checked(videoId);
        if (BackupMark.IsHeld(folder.Root) || await IsBackupMarkedAsync(cancellationToken).ConfigureAwait(false))
            return;
        await store.DeleteAsync(VideoKey(videoId), cancellationToken).ConfigureAwait(false);
        await store.DeleteAsync(TranscriptKey(videoId), cancellationToken).ConfigureAwait(false);
        foreach (var prefix in (string[])[Thumbnails, Streams])
            await foreach (var file in store.ListAsync($"{prefix}{videoId}/", cancellationToken).ConfigureAwait(false))
                await store.DeleteAsync(file.Key, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says to all servers of the store that a backup is being made. Write it again before <see cref="BackupMarkLife"/> has
    /// passed.</summary>
    public Task MarkBackupAsync(CancellationToken cancellationToken) => store.WriteAsync(BackupKey, Stream.Null, cancellationToken);

    public Task UnmarkBackupAsync(CancellationToken cancellationToken) => store.DeleteAsync(BackupKey, cancellationToken);

    /// <summary>Lists the files of a video that belong into a backup. What was made for playing does not.</summary>
    public async Task<IReadOnlyList<StoredFile>> ListForBackupAsync(string videoId, CancellationToken cancellationToken)
    {
        var files = new List<StoredFile>();
        foreach (var key in (string[])[VideoKey(videoId), TranscriptKey(videoId)])
            if (await store.FindAsync(key, cancellationToken).ConfigureAwait(false) is { } file)
                files.Add(file);
        await foreach (var file in store.ListAsync($"{Thumbnails}{videoId}/", cancellationToken).ConfigureAwait(false))
            files.Add(file);
        return files;
    }

    /// <summary>Returns the identifiers of all videos that have a file which was last written before the given time.</summary>
    public async Task<IReadOnlyCollection<string>> ListVideoIdsAsync(DateTimeOffset writtenBefore, CancellationToken cancellationToken)
    {
        var ids = new HashSet<string>();
        foreach (var prefix in Prefixes)
            await foreach (var file in store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
                if (file.Written < writtenBefore && file.Key[prefix.Length..].Split('/')[0] is var id && ObjectIds.IsWellFormed(id))
                    ids.Add(id);
        return ids;
    }

    /// <summary>Removes thumbnails that were made before the given time. Each is made again when it is asked for.</summary>
    /// <returns>The number of removed thumbnails.</returns>
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
            && clock.GetUtcNow() - mark.Written < BackupMarkLife;

    private static string Checked(string videoId)
        => ObjectIds.IsWellFormed(videoId) ? videoId : throw new ArgumentException("Not a video identifier.", nameof(videoId));
}

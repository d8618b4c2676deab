using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.IntegrationTests.Support;

/// <summary>Paths of a server's files on disk, for tests that write or check files. Creates the folders.</summary>
public sealed class FilePlaces(IServiceProvider services)
{
    private DataFolder Folder => services.GetRequiredService<DataFolder>();

    public string Root => Folder.Root;

    public string NewTemporaryPath() => Folder.NewTemporaryPath();

    public string VideoPath(string videoId) => PathOf(StoredFiles.VideoKey(videoId));

    public string TranscriptPath(string videoId) => PathOf(StoredFiles.TranscriptKey(videoId));

    public string PicturesPath(string videoId) => PathOf(StoredFiles.PicturesKey(videoId));

    public string ThumbnailPath(string videoId, double time) => PathOf(StoredFiles.ThumbnailKey(videoId, time));

    /// <summary>Names of the files that were created for the playback of a video.</summary>
    public IReadOnlyList<string> StreamFiles(string videoId)
        => Directory.Exists(Path.Combine(Root, "streams", videoId))
            ? [.. Directory.GetFiles(Path.Combine(Root, "streams", videoId)).Select(path => Path.GetFileName(path)).Order()]
            : [];

    private string PathOf(string key)
    {
        var path = Path.Combine(Root, key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}

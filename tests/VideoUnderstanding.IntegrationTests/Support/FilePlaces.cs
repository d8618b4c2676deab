using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.IntegrationTests.Support;

/// <summary>Where a server keeps its files on disk, for tests that put files there or look for them. The folders are created.</summary>
public sealed class FilePlaces(IServiceProvider services)
{
    private DataFolder Folder => services.GetRequiredService<DataFolder>();

    public string Root => Folder.Root;

    public string NewTemporaryPath() => Folder.NewTemporaryPath();

    public string VideoPath(string videoId) => PathOf(StoredFiles.VideoKey(videoId));

    public string TranscriptPath(string videoId) => PathOf(StoredFiles.TranscriptKey(videoId));

    public string PicturesPath(string videoId) => PathOf(StoredFiles.PicturesKey(videoId));

    public string ThumbnailPath(string videoId, double time) => PathOf(StoredFiles.ThumbnailKey(videoId, time));

    /// <summary>Files that were made for playing a video: their names.</summary>
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

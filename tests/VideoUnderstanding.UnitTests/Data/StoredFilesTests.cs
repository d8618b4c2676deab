using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.UnitTests.Data;

/// <summary>The files of videos in a folder. The tests for every store are in FileStoreTests of the integration tests.</summary>
public sealed class StoredFilesTests : IDisposable
{
    private const string VideoId = "64007e509a4b2f0c1d3e5c20";
    private readonly string _root = Directory.CreateTempSubdirectory("vu-files-").FullName;
    private readonly DataFolder _folder;
    private readonly FolderStore _store;
    private readonly StoredFiles _files;
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    public StoredFilesTests()
    {
        _folder = new DataFolder(Options.Create(new StorageOptions { DataFolder = _root }));
        _store = new FolderStore(_folder);
        _files = new StoredFiles(_store, _folder, _clock);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    [InlineData("64007e509a4b2f0c1d3e5c2/")]
    [InlineData("64007e509a4b2f0c1d3e5c2021")]
    public async Task Only_identifiers_become_keys(string id)
    {
        Assert.Throws<ArgumentException>(() => StoredFiles.VideoKey(id));
        Assert.Throws<ArgumentException>(() => StoredFiles.TranscriptKey(id));
        Assert.Throws<ArgumentException>(() => StoredFiles.ThumbnailKey(id, 0));
        Assert.Throws<ArgumentException>(() => StoredFiles.StreamKey(id, "0.ts"));
        await Assert.ThrowsAsync<ArgumentException>(() => _files.DeleteVideoAsync(id, CancellationToken.None));
    }

    [Fact]
    public async Task Files_and_folders_are_not_accessible_to_others()
    {
        if (OperatingSystem.IsWindows())
            return;
        await WriteAsync($"thumbnails/{VideoId}/1.jpeg", "picture");
        var moved = _folder.NewTemporaryPath();
        await File.WriteAllTextAsync(moved, "video");
        await _store.MoveInAsync(StoredFiles.VideoKey(VideoId), moved, CancellationToken.None);

        Assert.False(File.Exists(moved));
        foreach (var path in (string[])[$"thumbnails/{VideoId}/1.jpeg", $"videos/{VideoId}"])
            Assert.Equal(PrivateFile.Mode, File.GetUnixFileMode(Path.Combine(_root, path)));
        foreach (var path in (string[])["thumbnails", $"thumbnails/{VideoId}", "videos"])
            Assert.Equal(PrivateFile.FolderMode, File.GetUnixFileMode(Path.Combine(_root, path)));
    }

    [Fact]
    public async Task Deleting_a_video_removes_only_its_files()
    {
        const string other = "64007e509a4b2f0c1d3e5c21";
        foreach (var id in (string[])[VideoId, other])
            foreach (var key in KeysOf(id))
                await WriteAsync(key, "bytes");

        await _files.DeleteVideoAsync(VideoId, CancellationToken.None);
        await _files.DeleteVideoAsync(VideoId, CancellationToken.None);

        Assert.Equal(KeysOf(other).Order(), (await Task.WhenAll(((string[])["videos/", "transcripts/", "thumbnails/", "streams/"])
            .Select(KeysAsync))).SelectMany(keys => keys).Order());
        Assert.False(Directory.Exists(Path.Combine(_root, "streams", VideoId)));
    }

    [Fact]
    public async Task Nothing_is_removed_while_a_server_of_the_store_makes_a_backup()
    {
        await WriteAsync(StoredFiles.VideoKey(VideoId), "bytes");
        await _files.MarkBackupAsync(CancellationToken.None);
        await _files.DeleteVideoAsync(VideoId, CancellationToken.None);
        Assert.Single(await KeysAsync("videos/"));
        // A backup that was killed does not renew its mark.
        _clock.Advance(StoredFiles.BackupMarkLifetime + TimeSpan.FromMinutes(1));
        await _files.DeleteVideoAsync(VideoId, CancellationToken.None);
        Assert.Empty(await KeysAsync("videos/"));
    }

    [Fact]
    public async Task A_backup_that_ended_blocks_nothing()
    {
        await WriteAsync(StoredFiles.VideoKey(VideoId), "bytes");
        await _files.MarkBackupAsync(CancellationToken.None);
        await _files.UnmarkBackupAsync(CancellationToken.None);
        await _files.DeleteVideoAsync(VideoId, CancellationToken.None);
        Assert.Empty(await KeysAsync("videos/"));
    }

    [Fact]
    public async Task A_backup_contains_files_that_cannot_be_recreated()
    {
        foreach (var key in KeysOf(VideoId))
            await WriteAsync(key, "bytes");
        Assert.Equal(KeysOf(VideoId).Where(key => !key.StartsWith("streams/", StringComparison.Ordinal)).Order(),
            (await _files.ListForBackupAsync(VideoId, CancellationToken.None)).Select(file => file.Key).Order());
    }

    [Fact]
    public async Task Old_videos_are_found_by_any_of_their_files()
    {
        foreach (var (number, key) in KeysOf(VideoId).Index())
        {
            var id = $"64007e509a4b2f0c1d3e5c3{number}";
            await WriteAsync(key.Replace(VideoId, id, StringComparison.Ordinal), "bytes");
        }
        Assert.Equal(5, (await _files.ListVideoIdsAsync(DateTimeOffset.MaxValue, CancellationToken.None)).Count);
        Assert.Empty(await _files.ListVideoIdsAsync(DateTimeOffset.MinValue, CancellationToken.None));
    }

    [Fact]
    public void Unfinished_files_are_removed_by_their_age()
    {
        File.WriteAllText(_folder.NewTemporaryPath(), "bytes");
        Assert.Equal(0, _folder.DeleteTemporaryFiles(DateTimeOffset.MinValue));
        Assert.Equal(1, _folder.DeleteTemporaryFiles(DateTimeOffset.MaxValue));
    }

    [Fact]
    public void Thumbnails_differ_by_milliseconds()
    {
        Assert.Equal(StoredFiles.ThumbnailKey(VideoId, 1.2341), StoredFiles.ThumbnailKey(VideoId, 1.2344));
        Assert.NotEqual(StoredFiles.ThumbnailKey(VideoId, 1.234), StoredFiles.ThumbnailKey(VideoId, 1.235));
    }

    private static string[] KeysOf(string id) => [StoredFiles.VideoKey(id), StoredFiles.TranscriptKey(id),
        StoredFiles.ThumbnailKey(id, 1.5), StoredFiles.ThumbnailKey(id, 2), StoredFiles.StreamKey(id, "0.ts")];

    private Task WriteAsync(string key, string text)
        => _store.WriteAsync(key, new MemoryStream(Encoding.UTF8.GetBytes(text)), CancellationToken.None);

    private async Task<List<string>> KeysAsync(string prefix)
    {
        List<string> keys = [];
        await foreach (var file in _store.ListAsync(prefix, CancellationToken.None))
            keys.Add(file.Key);
        return keys;
    }
}

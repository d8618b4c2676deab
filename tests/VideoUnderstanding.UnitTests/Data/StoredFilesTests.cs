using System.Text;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.UnitTests.Data;

/// <summary>The folder store, and the files of videos in it.</summary>
public sealed class StoredFilesTests : IDisposable
{
    private const string VideoId = "64007e509a4b2f0c1d3e5c20";
    private readonly string _root = Directory.CreateTempSubdirectory("vu-files-").FullName;
    private readonly DataFolder _folder;
    private readonly FolderStore _store;
    private readonly StoredFiles _files;

    public StoredFilesTests()
    {
        _folder = new DataFolder(Options.Create(new StorageOptions { DataFolder = _root }));
        _store = new FolderStore(_folder);
        _files = new StoredFiles(_store, _folder);
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

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("videos/../../outside")]
    [InlineData("")]
    public async Task A_key_never_leads_out_of_the_folder(string key)
        => await Assert.ThrowsAsync<ArgumentException>(() => _store.OpenAsync(key, CancellationToken.None));

    [Fact]
    public async Task A_file_is_read_unchanged_completely_or_from_an_offset()
    {
        await WriteAsync("videos/a", "0123456789");
        await WriteAsync("videos/a", "abcdefghij");
        await using var stream = (await _store.OpenAsync("videos/a", CancellationToken.None))!;
        stream.Seek(4, SeekOrigin.Begin);
        using var reader = new StreamReader(stream);

        Assert.Equal("efghij", await reader.ReadToEndAsync());
        Assert.Equal(10, (await _store.FindAsync("videos/a", CancellationToken.None))?.Size);
        using var local = await _store.OpenLocalAsync("videos/a", CancellationToken.None);
        Assert.Equal("abcdefghij", await File.ReadAllTextAsync(local!.Path));
    }

    [Fact]
    public async Task An_interrupted_write_leaves_the_earlier_file()
    {
        await WriteAsync("videos/a", "before");
        await Assert.ThrowsAsync<IOException>(() => _store.WriteAsync("videos/a", new BrokenStream(), CancellationToken.None));

        Assert.Equal("before", await File.ReadAllTextAsync(Path.Combine(_root, "videos", "a")));
        Assert.Empty(Directory.GetFiles(Path.Combine(_root, "incoming")));
    }

    [Fact]
    public async Task A_missing_file_is_null_and_may_be_deleted()
    {
        Assert.Null(await _store.OpenAsync("videos/none", CancellationToken.None));
        Assert.Null(await _store.OpenLocalAsync("videos/none", CancellationToken.None));
        Assert.Null(await _store.FindAsync("videos/none", CancellationToken.None));
        await _store.DeleteAsync("videos/none", CancellationToken.None);
        Assert.Empty(await KeysAsync("videos/"));
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

    private sealed class BrokenStream : MemoryStream
    {
        public BrokenStream() : base("part"u8.ToArray())
        {
        }

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            destination.Write("part"u8);
            throw new IOException("The connection was lost.");
        }
    }
}

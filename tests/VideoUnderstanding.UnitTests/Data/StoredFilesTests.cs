using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.UnitTests.Data;

public sealed class StoredFilesTests : IDisposable
{
    private const string VideoId = "64007e509a4b2f0c1d3e5c20";
    private readonly string _folder = Directory.CreateTempSubdirectory("vu-files-").FullName;
    private readonly StoredFiles _files;

    public StoredFilesTests() => _files = Open();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    [InlineData("64007e509a4b2f0c1d3e5c2/")]
    [InlineData("64007e509a4b2f0c1d3e5c2021")]
    public void What_is_no_identifier_never_becomes_a_path(string id)
    {
        Assert.Throws<ArgumentException>(() => _files.VideoPath(id));
        Assert.Throws<ArgumentException>(() => _files.TranscriptPath(id));
        Assert.Throws<ArgumentException>(() => _files.ThumbnailPath(id, 0));
        Assert.Throws<ArgumentException>(() => _files.DeleteVideo(id));
    }

    [Fact]
    public void Deleting_a_video_removes_its_files_and_no_others()
    {
        const string other = "64007e509a4b2f0c1d3e5c21";
        foreach (var id in (string[])[VideoId, other])
            foreach (var path in (string[])[_files.VideoPath(id), _files.TranscriptPath(id), _files.ThumbnailPath(id, 1.5), _files.ThumbnailPath(id, 2)])
                File.WriteAllText(path, "bytes");

        _files.DeleteVideo(VideoId);
        _files.DeleteVideo(VideoId);

        var left = Directory.GetFiles(_folder, "*", SearchOption.AllDirectories);
        Assert.Equal(4, left.Length);
        Assert.All(left, path => Assert.Contains(other, path, StringComparison.Ordinal));
    }

    [Fact]
    public void Unfinished_files_are_uploads_and_pictures_without_their_name_yet()
    {
        string[] unfinished = [_files.NewTemporaryPath(), Path.Combine(Path.GetDirectoryName(_files.ThumbnailPath(VideoId, 2))!, ".2000.jpeg.0f.tmp")];
        string[] whole = [_files.VideoPath(VideoId), _files.TranscriptPath(VideoId), _files.ThumbnailPath(VideoId, 1.5)];
        foreach (var path in (string[])[.. unfinished, .. whole])
            File.WriteAllText(path, "bytes");

        Assert.Equal(0, _files.DeleteTemporaryFiles(DateTimeOffset.MinValue));
        Assert.Equal(2, _files.DeleteTemporaryFiles(DateTimeOffset.MaxValue));

        Assert.All(unfinished, path => Assert.False(File.Exists(path)));
        Assert.All(whole, path => Assert.True(File.Exists(path)));
    }

    [Fact]
    public void Thumbnails_are_told_apart_by_milliseconds()
    {
        Assert.Equal(_files.ThumbnailPath(VideoId, 1.2341), _files.ThumbnailPath(VideoId, 1.2344));
        Assert.NotEqual(_files.ThumbnailPath(VideoId, 1.234), _files.ThumbnailPath(VideoId, 1.235));
    }

    [Fact]
    public void The_signing_key_is_made_once_and_is_nobody_elses_to_read()
    {
        var signature = new SigningKey(_files).Sign("text");

        Assert.Equal(signature, new SigningKey(Open()).Sign("text"));
        Assert.NotEqual(signature, new SigningKey(_files).Sign("text "));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "signing-key")));
    }

    [Fact]
    public void A_damaged_signing_key_is_not_used()
    {
        File.WriteAllText(Path.Combine(_folder, "signing-key"), "short");
        Assert.Throws<InvalidOperationException>(() => new SigningKey(_files).Sign("text"));
    }

    private StoredFiles Open() => new(Options.Create(new StorageOptions { DataFolder = _folder }));
}

using VideoUnderstanding.Data;

namespace VideoUnderstanding.UnitTests.Data;

public sealed class PrivateFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vu-private-").FullName;

    private string FilePath => Path.Combine(_folder, "secret");

    [Fact]
    public void A_private_file_is_readable_by_its_owner_only_and_can_be_replaced()
    {
        PrivateFile.Write(FilePath, "first");
        PrivateFile.Write(FilePath, "second");
        Assert.Equal("second", File.ReadAllText(FilePath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void An_existing_file_is_kept_unless_it_may_be_replaced()
    {
        PrivateFile.Write(FilePath, "first");
        Assert.Throws<IOException>(() => PrivateFile.Write(FilePath, "second"u8, overwrite: false));
        Assert.Equal("first", File.ReadAllText(FilePath));
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

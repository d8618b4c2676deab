using VideoUnderstanding.Data;

namespace VideoUnderstanding.UnitTests.Data;

public sealed class PrivateFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vu-private-").FullName;

    private string FilePath => Path.Combine(_folder, "secret");

    [Fact]
    public void A_file_is_its_owners_alone_and_can_be_replaced()
    {
        PrivateFile.Write(FilePath, "first");
        PrivateFile.Write(FilePath, "second");
        Assert.Equal("second", File.ReadAllText(FilePath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void What_is_not_to_be_replaced_stays_and_nothing_is_left_beside_it()
    {
        PrivateFile.Write(FilePath, "first");
        Assert.Throws<IOException>(() => PrivateFile.Write(FilePath, "second"u8, overwrite: false));
        Assert.Equal("first", File.ReadAllText(FilePath));
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

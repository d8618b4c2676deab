using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Integrations;
using VideoUnderstanding.Data.Objects;
using VideoUnderstanding.Indexing.Fetching;
using VideoUnderstanding.Indexing.Integrations;

namespace VideoUnderstanding.UnitTests.Indexing;

public sealed class SharedFolderTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("vu-shared-").FullName;
    private readonly string _root;

    public SharedFolderTests()
    {
        _root = Directory.CreateDirectory(Path.Combine(_parent, "open")).FullName;
        Directory.CreateDirectory(Path.Combine(_root, "häfen 1"));
        Directory.CreateDirectory(Path.Combine(_parent, "open-not"));
        File.WriteAllText(Path.Combine(_root, "häfen 1", "a.mp4"), "a");
        File.WriteAllText(Path.Combine(_parent, "secret"), "secret");
        File.WriteAllText(Path.Combine(_parent, "open-not", "secret"), "secret");
    }

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Theory]
    [InlineData("/häfen 1/a.mp4")]
    [InlineData("/h%C3%A4fen%201/a.mp4")]
    public void A_file_below_the_folder_is_opened(string path)
    {
        Assert.Equal("a", Read($"file://{_root}{path}"));
        Assert.Equal("a", Read($"FILE://localhost{_root}{path}"));
    }

    [Theory]
    [InlineData("{0}/open/../secret")]
    [InlineData("{0}/open/%2e%2e/secret")]
    [InlineData("{0}/open/häfen 1/..%2f..%2fsecret")]
    [InlineData("{0}/open/./häfen 1/a.mp4")]
    [InlineData("{0}/open-not/secret")]
    [InlineData("{0}/open")]
    [InlineData("{0}/open/häfen 1/")]
    [InlineData("{0}/secret")]
    [InlineData("/etc/passwd")]
    [InlineData("host{0}/open/häfen 1/a.mp4")]
    [InlineData("")]
    public void An_address_outside_the_folder_is_refused(string path)
        => Assert.Throws<FormatException>(() => Folder(_root).Locate(
            "file://" + path.Replace("{0}", _parent, StringComparison.Ordinal), []));

    [Fact]
    public void Links_that_stay_below_the_folder_are_followed()
    {
        Directory.CreateSymbolicLink(Path.Combine(_root, "near"), "./häfen 1");
        File.CreateSymbolicLink(Path.Combine(_root, "b.mp4"), Path.Combine(_root, "near", "a.mp4"));
        Assert.Equal("a", Read($"file://{_root}/b.mp4"));
    }

    [Fact]
    public void Links_that_leave_the_folder_are_refused()
    {
        File.CreateSymbolicLink(Path.Combine(_root, "absolute"), Path.Combine(_parent, "secret"));
        File.CreateSymbolicLink(Path.Combine(_root, "relative"), "../secret");
        Directory.CreateSymbolicLink(Path.Combine(_root, "folder"), _parent);
        File.CreateSymbolicLink(Path.Combine(_root, "again"), "folder/secret");
        Assert.All((string[])["absolute", "relative", "folder/secret", "again"], name
            => Assert.DoesNotContain("secret\"", Assert.Throws<FetchException>(() => Read($"file://{_root}/{name}")).Message,
                StringComparison.Ordinal));
    }

    [Fact]
    public void The_folder_itself_may_be_a_link()
    {
        var link = Path.Combine(_parent, "link");
        Directory.CreateSymbolicLink(link, _root);
        Assert.Equal("a", Read($"file://{link}/häfen 1/a.mp4", link));
    }

    [Fact]
    public void A_missing_file_is_reported()
    {
        File.CreateSymbolicLink(Path.Combine(_root, "circle"), "circle");
        Assert.All((string[])["none.mp4", "häfen 1", "circle"], name
            => Assert.Contains(name, Assert.Throws<FetchException>(() => Read($"file://{_root}/{name}")).Message,
                StringComparison.Ordinal));
    }

    [Fact]
    public void Without_the_setting_every_file_is_refused()
        => Assert.Contains("FileRoot", Assert.Throws<FormatException>(() => Folder(null).Locate($"file://{_root}/a.mp4", [])).Message,
            StringComparison.Ordinal);

    private string Read(string address, string? root = null)
    {
        using var reader = new StreamReader(Folder(root ?? _root).Open(address, []));
        return reader.ReadToEnd();
    }

    private static SharedFolder Folder(string? root) => new(
        Options.Create(new TransferOptions { FileRoot = root }), new WatchedFolders(Options.Create(new IntegrationOptions())));
}

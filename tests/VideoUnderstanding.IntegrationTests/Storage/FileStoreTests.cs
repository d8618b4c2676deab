using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.IntegrationTests.Storage;

/// <summary>Tests for every file store.</summary>
public abstract class FileStoreTests : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("vu-store-").FullName;
    private IHost _host = null!;

    /// <summary>The store that the settings select.</summary>
    protected IFileStore Store => _host.Services.GetRequiredService<IFileStore>();

    protected DataFolder Folder => _host.Services.GetRequiredService<DataFolder>();

    protected FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    protected abstract IReadOnlyDictionary<string, string?> Settings { get; }

    public ValueTask InitializeAsync()
    {
        _host = NewHost();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_file_is_read_as_it_was_written_whole_or_from_a_position()
    {
        await WriteAsync("videos/a", "0123456789");
        await WriteAsync("videos/a", "abcdefghij");
        await using var stream = (await Store.OpenAsync("videos/a", default))!;
        var first = new byte[3];
        await stream.ReadExactlyAsync(first);
        stream.Seek(4, SeekOrigin.Begin);
        using var reader = new StreamReader(stream);

        Assert.Equal("abc"u8.ToArray(), first);
        Assert.Equal("efghij", await reader.ReadToEndAsync());
        Assert.Equal((10, 10), (stream.Length, (await Store.FindAsync("videos/a", default))?.Size));
        using var local = await Store.OpenLocalAsync("videos/a", default);
        Assert.Equal("abcdefghij", await File.ReadAllTextAsync(local!.Path));
    }

    [Fact]
    public async Task A_local_file_is_moved_in()
    {
        var path = Folder.NewTemporaryPath();
        await File.WriteAllTextAsync(path, "moved");
        await Store.MoveInAsync("videos/b", path, default);
        Assert.False(File.Exists(path));
        Assert.Equal("moved", await ReadAsync("videos/b"));
    }

    [Fact]
    public async Task An_empty_file_can_be_stored()
    {
        await WriteAsync("transcripts/empty", "");
        Assert.Equal(0, (await Store.FindAsync("transcripts/empty", default))?.Size);
        Assert.Equal("", await ReadAsync("transcripts/empty"));
        using var local = await Store.OpenLocalAsync("transcripts/empty", default);
        Assert.Equal("", await File.ReadAllTextAsync(local!.Path));
    }

    [Fact]
    public async Task An_interrupted_write_keeps_the_earlier_file()
    {
        await WriteAsync("videos/c", "before");
        await Assert.ThrowsAsync<IOException>(() => Store.WriteAsync("videos/c", new BrokenStream(), default));
        Assert.Equal("before", await ReadAsync("videos/c"));
        Assert.Empty(Directory.GetFiles(Path.Combine(Folder.Root, "incoming")));
    }

    [Fact]
    public async Task A_missing_file_is_null_and_may_be_deleted()
    {
        Assert.Null(await Store.OpenAsync("videos/none", default));
        Assert.Null(await Store.OpenLocalAsync("videos/none", default));
        Assert.Null(await Store.FindAsync("videos/none", default));
        await Store.DeleteAsync("videos/none", default);
        Assert.Empty(await KeysAsync("none/"));
    }

    [Fact]
    public async Task Files_are_listed_by_prefix_without_deleted_ones()
    {
        var begin = TimeProvider.System.GetUtcNow();
        foreach (var key in (string[])["streams/1/a", "streams/1/b", "streams/12/a", "thumbnails/1/a"])
            await WriteAsync(key, "bytes");
        await Store.DeleteAsync("streams/1/b", default);
        Assert.Equal(["streams/1/a"], await KeysAsync("streams/1/"));
        Assert.Equal(["streams/1/a", "streams/12/a"], await KeysAsync("streams/"));
        var found = await Store.FindAsync("streams/1/a", default);
        // Some stores round times to seconds.
        Assert.InRange(found!.Value.Written, begin.AddSeconds(-2), TimeProvider.System.GetUtcNow().AddSeconds(2));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("videos/../../outside")]
    [InlineData("")]
    public async Task A_key_cannot_name_a_file_outside_the_store(string key)
        => await Assert.ThrowsAsync<ArgumentException>(() => Store.OpenAsync(key, default));

    /// <summary>Creates another host with the same data folder.</summary>
    protected IHost NewHost()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(Settings);
        builder.Configuration["VideoUnderstanding:DataFolder"] = _root;
        builder.Configuration["VideoUnderstanding:MinFreeBytes"] = "0";
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.AddData();
        return builder.Build();
    }

    protected Task WriteAsync(string key, string text) => Store.WriteAsync(key, new MemoryStream(Encoding.UTF8.GetBytes(text)), default);

    protected async Task<string> ReadAsync(string key)
    {
        using var reader = new StreamReader((await Store.OpenAsync(key, default))!);
        return await reader.ReadToEndAsync();
    }

    private async Task<List<string>> KeysAsync(string prefix)
    {
        List<string> keys = [];
        await foreach (var file in Store.ListAsync(prefix, default))
            keys.Add(file.Key);
        return [.. keys.Order(StringComparer.Ordinal)];
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            destination.Write("part"u8);
            throw new IOException("The connection was lost.");
        }
    }
}

public sealed class FolderStoreTests : FileStoreTests
{
    protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>();

    [Fact]
    public async Task An_error_while_opening_a_file_is_not_reported_as_a_missing_file()
    {
        // The operating system refuses the long name with an error other than "file not found", like a failing network file system.
        var key = $"videos/{new string('a', 300)}";

        Assert.False(File.Exists(Path.Combine(Folder.Root, key)));
        await Assert.ThrowsAnyAsync<IOException>(() => Store.OpenLocalAsync(key, default));
        Assert.Null(await Store.OpenLocalAsync("videos/b", default));
    }
}

using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.IntegrationTests.Transfers;
using VideoUnderstanding.Server.Api.Streams;

namespace VideoUnderstanding.IntegrationTests.Storage;

/// <summary>A bucket on a real S3-compatible server: multipart uploads, errors and local copies.</summary>
public sealed class BucketStoreTests(ObjectHost host) : FileStoreTests, IClassFixture<ObjectHost>
{
    private const int Megabyte = 1024 * 1024;

    private readonly string _prefix = $"{Guid.NewGuid():N}/";

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(host.StorageSettings(_prefix))
    {
        ["VideoUnderstanding:Storage:Bucket:PartMegabytes"] = "5",
        ["VideoUnderstanding:Storage:Bucket:CacheMegabytes"] = "20",
        ["VideoUnderstanding:Storage:Bucket:PresignedDownloads"] = "true",
    };

    private BucketStore Bucket => (BucketStore)Store;

    [Fact]
    public async Task A_large_file_is_sent_in_parts_and_read_back_in_ranges()
    {
        var content = RandomBytes(21 * Megabyte);
        await Store.WriteAsync("videos/large", new MemoryStream(content), default);
        Assert.Empty(await host.UnfinishedAsync(_prefix));
        await using var stream = (await Store.OpenAsync("videos/large", default))!;
        stream.Seek(-9 * Megabyte, SeekOrigin.End);
        using var tail = new MemoryStream();
        await stream.CopyToAsync(tail);
        Assert.Equal(content[^(9 * Megabyte)..], tail.ToArray());
        using var local = await Store.OpenLocalAsync("videos/large", default);
        Assert.Equal(content, await File.ReadAllBytesAsync(local!.Path));
    }

    [Fact]
    public async Task An_upload_with_a_refused_part_is_aborted_and_keeps_the_local_file()
    {
        var path = Folder.NewTemporaryPath();
        await File.WriteAllBytesAsync(path, RandomBytes(11 * Megabyte));
        await Assert.ThrowsAnyAsync<Exception>(() => Store.MoveInAsync("videos/a.refused", path, default));
        Assert.Empty(await host.UnfinishedAsync(_prefix));
        Assert.Null(await Store.FindAsync("videos/a.refused", default));
        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task Old_unfinished_uploads_of_this_prefix_are_aborted()
    {
        await host.BeginUploadAsync(_prefix + "videos/dead");
        await host.BeginUploadAsync($"other-{_prefix}videos/dead");
        Assert.Equal(0, await Bucket.CleanUpAsync(default));
        Clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(1, await Bucket.CleanUpAsync(default));
        Assert.Empty(await host.UnfinishedAsync(_prefix));
        Assert.Single(await host.UnfinishedAsync($"other-{_prefix}"));
    }

    [Fact]
    public async Task An_interrupted_transfer_is_continued()
    {
        var content = RandomBytes(3 * Megabyte);
        await Store.WriteAsync("videos/a.broken", new MemoryStream(content), default);
        await using var stream = (await Store.OpenAsync("videos/a.broken", default))!;
        using var read = new MemoryStream();
        await stream.CopyToAsync(read);
        Assert.Equal(content, read.ToArray());
    }

    [Fact]
    public async Task A_client_downloads_from_the_store_by_a_presigned_address_with_ranges()
    {
        await WriteAsync("videos/a", "0123456789");
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get,
            Store.CreateDownloadAddress("videos/a", "video/mp4", TimeSpan.FromDays(30)));
        request.Headers.Range = new System.Net.Http.Headers.RangeHeaderValue(2, 4);
        using var answer = await client.SendAsync(request);
        Assert.Equal("video/mp4", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("234", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_least_recently_used_copy_is_removed_unless_it_is_in_use()
    {
        foreach (var name in (string[])["1", "2", "3", "4"])
            await Store.WriteAsync($"videos/{name}", new MemoryStream(RandomBytes(8 * Megabyte)), default);
        using var first = await OpenAsync("1");
        (await OpenAsync("2")).Dispose();
        Assert.Equal(["1", "2"], Copies());
        (await OpenAsync("3")).Dispose();
        Assert.Equal(["1", "3"], Copies());
        (await OpenAsync("3")).Dispose();
        using var fourth = await OpenAsync("4");
        using var second = await OpenAsync("2");
        // The copies in use exceed the limit. This causes no error.
        Assert.Equal(["1", "2", "4"], Copies());
        Assert.All((LocalCopy[])[first, second, fourth], copy => Assert.Equal(8 * Megabyte, new FileInfo(copy.Path).Length));
    }

    [Fact]
    public async Task Copies_and_their_order_survive_a_restart()
    {
        foreach (var name in (string[])["1", "2", "3"])
            await Store.WriteAsync($"videos/{name}", new MemoryStream(RandomBytes(8 * Megabyte)), default);
        (await OpenAsync("1")).Dispose();
        (await OpenAsync("2")).Dispose();
        (await OpenAsync("1")).Dispose();
        using var later = NewHost();
        var store = later.Services.GetRequiredService<IFileStore>();
        var kept = Assert.Single(Directory.GetFiles(CacheFolder), path => KeyOf(path) == "1");
        // A new download would not have the changed byte.
        var marked = await File.ReadAllBytesAsync(kept);
        marked[0] ^= 1;
        await File.WriteAllBytesAsync(kept, marked);
        using var again = await store.OpenLocalAsync("videos/1", default);
        Assert.Equal((Path.GetFileName(kept), marked[0]), (Path.GetFileName(again!.Path), (await File.ReadAllBytesAsync(again.Path))[0]));
        (await store.OpenLocalAsync("videos/3", default))!.Dispose();
        Assert.Equal(["1", "3"], Copies());
    }

    [Fact]
    public async Task A_copy_truncated_by_a_power_failure_is_downloaded_again()
    {
        await WriteAsync("videos/a", "0123456789");
        (await Store.OpenLocalAsync("videos/a", default))!.Dispose();
        await File.WriteAllTextAsync(Assert.Single(Directory.GetFiles(CacheFolder)), "");
        using var again = await Store.OpenLocalAsync("videos/a", default);
        Assert.Equal("0123456789", await File.ReadAllTextAsync(again!.Path));
    }

    [Fact]
    public async Task A_failure_of_the_cleanup_does_not_stop_the_server()
    {
        (await OpenNewAsync("a")).Dispose();
        // The server never writes a file with such a name. It causes an exception of an unexpected type.
        await File.WriteAllTextAsync(Path.Combine(CacheFolder, $"{Hex("../a")}.{Hex("1")}"), "");
        using var later = NewHost();
        var cleanup = later.Services.GetServices<IHostedService>().OfType<BackgroundService>()
            .Single(service => service.GetType().Name == "BucketCleanup");
        await cleanup.StartAsync(default);
        await Task.WhenAny(cleanup.ExecuteTask!, Task.Delay(TimeSpan.FromSeconds(2)));
        Assert.False(cleanup.ExecuteTask!.IsCompleted, cleanup.ExecuteTask.Exception?.Message);
        await cleanup.StopAsync(default);
    }

    [Fact]
    public async Task A_full_disk_of_one_server_does_not_remove_stream_files_from_the_bucket()
    {
        await WriteAsync("streams/1/0.ts", "bytes");
        using var cache = new StreamCache(Store, Folder, Options.Create(new StorageOptions { MinFreeBytes = long.MaxValue }),
            Options.Create(new StreamingOptions()), Clock);
        Assert.False(await cache.EnsureDiskSpaceAsync(default));
        Assert.NotNull(await Store.FindAsync("streams/1/0.ts", default));
    }

    [Fact]
    public async Task A_new_version_of_a_file_is_read_and_copies_of_deleted_files_are_removed()
    {
        await WriteAsync("videos/a", "old");
        (await Store.OpenLocalAsync("videos/a", default))!.Dispose();
        await WriteAsync("videos/a", "newer");
        using (var local = await Store.OpenLocalAsync("videos/a", default))
            Assert.Equal("newer", await File.ReadAllTextAsync(local!.Path));
        await WriteAsync("videos/b", "bytes");
        (await Store.OpenLocalAsync("videos/b", default))!.Dispose();
        await Store.DeleteAsync("videos/a", default);
        Assert.Equal(["b"], Copies());
        await WriteAsync("videos/c", "bytes");
        (await Store.OpenLocalAsync("videos/c", default))!.Dispose();
        // Deletes the file like another server.
        await host.DeleteAsync(_prefix + "videos/b");
        await Bucket.CleanUpAsync(default);
        Assert.Equal(["c"], Copies());
    }

    [Fact]
    public async Task Readers_of_one_file_share_one_copy()
    {
        await Store.WriteAsync("videos/a", new MemoryStream(RandomBytes(2 * Megabyte)), default);
        var copies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Store.OpenLocalAsync("videos/a", default)));
        Assert.Single(copies.Select(copy => copy!.Path).Distinct());
        Assert.Equal(["a"], Copies());
        Array.ForEach(copies, copy => copy!.Dispose());
    }

    private string CacheFolder => Path.Combine(Folder.Root, "cache");

    private async Task<LocalCopy> OpenNewAsync(string name)
    {
        await WriteAsync($"videos/{name}", "bytes");
        return await OpenAsync(name);
    }

    private static string Hex(string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));

    /// <summary>Opens a copy after the clock has advanced, so that every use has its own time.</summary>
    private async Task<LocalCopy> OpenAsync(string name)
    {
        Clock.Advance(TimeSpan.FromSeconds(1));
        return (await Store.OpenLocalAsync($"videos/{name}", default))!;
    }

    private string[] Copies() => [.. Directory.GetFiles(CacheFolder).Select(KeyOf).Order(StringComparer.Ordinal)];

    /// <summary>Returns the name of a video from its file name in the cache; see <see cref="LocalCache"/>.</summary>
    private static string KeyOf(string path)
        => Encoding.UTF8.GetString(Convert.FromHexString(Path.GetFileName(path).Split('.')[0]))["videos/".Length..];

    private static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        Random.Shared.NextBytes(bytes);
        return bytes;
    }
}

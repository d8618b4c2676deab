using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Indexing.Fetching;
using VideoUnderstanding.IntegrationTests.Indexing;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Transfers;

/// <summary>Downloads of objects from a real store to a file.</summary>
public sealed class TransferFetchTests(ObjectHost host, DatabaseTemplate template) : IClassFixture<ObjectHost>, IAsyncLifetime
{
    /// <summary>An account without its own integrations.</summary>
    private const string AccountId = "640080b29a4b2f0c1d3e5a02";

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"vu-object-{Guid.NewGuid():N}");
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await template.CopyAsync();

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        File.Delete(_path);
    }

    [Fact]
    public async Task A_large_object_is_streamed_with_its_hash_and_progress()
    {
        const int Size = 96 * 1024 * 1024;
        var (expected, shares) = (await PutLargeAsync("large.bin", Size), new List<double>());
        Assert.Equal(new FetchedFile(Size, expected), await FetchAsync("s3://raw/large.bin", onProgress: shares.Add));
        Assert.Equal(Size, new FileInfo(_path).Length);
        Assert.True(shares.Count > 100, $"{shares.Count} reports");
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1]);
    }

    [Fact]
    public async Task An_object_over_the_limit_is_refused_and_leaves_no_file()
    {
        await host.PutTextAsync("words.txt", "twelve bytes");
        Assert.Equal(12, (await FetchAsync("s3://raw/words.txt", maxBytes: 12)).Bytes);
        File.Delete(_path);
        var refused = await Assert.ThrowsAsync<FetchException>(() => FetchAsync("s3://raw/words.txt", maxBytes: 11));
        Assert.True(refused.TooLarge);
        Assert.False(File.Exists(_path));
    }

    [Theory]
    [InlineData("folder/pier 01.mp4", "s3://raw/folder/pier%2001.mp4")]
    [InlineData("folder/pier 01.mp4", "s3://raw/folder/pier 01.mp4")]
    [InlineData("häfen/日本 🚢.mp4", "s3://raw/häfen/日本 🚢.mp4")]
    [InlineData("häfen/日本 🚢.mp4", "s3://raw/h%C3%A4fen/%E6%97%A5%E6%9C%AC%20%F0%9F%9A%A2.mp4")]
    [InlineData("a+b&c=d!'()*.mp4", "s3://raw/a+b&c=d!'()*.mp4")]
    public async Task Keys_are_accepted_plain_and_percent_encoded(string key, string address)
    {
        await host.PutTextAsync(key, key);
        await FetchAsync(address);
        Assert.Equal(key, await File.ReadAllTextAsync(_path));
    }

    [Theory]
    [InlineData("s3://raw/none.mp4", "The bucket raw has no object none.mp4.")]
    [InlineData("s3://nowhere/none.mp4", "The bucket nowhere does not exist.")]
    public async Task Missing_items_are_reported(string address, string sentence)
        => Assert.Equal(sentence, (await Assert.ThrowsAsync<FetchException>(() => FetchAsync(address))).Message);

    [Theory]
    [InlineData("AccessKey", "UNKNOWN", "The store denied the integration tests access to the object (InvalidAccessKeyId).")]
    [InlineData("AllowPrivateNetwork", "false", "The host 127.0.0.1 is not on the public internet.")]
    [InlineData("Endpoint", "http://127.0.0.1:9", "The host 127.0.0.1 does not answer.")]
    [InlineData("Endpoint", "http://no-such-host.invalid", "The host no-such-host.invalid is not known.")]
    [InlineData("Buckets:0", "other-*", "No integration reads the bucket raw.")]
    public async Task Failures_are_reported_without_secrets(string setting, string value, string sentence)
    {
        await host.PutTextAsync("there.txt", "there");
        var refused = await Assert.ThrowsAsync<FetchException>(() => FetchAsync("s3://raw/there.txt", (setting, value)));
        Assert.Equal(sentence, refused.Message);
        // Only an unreachable store is a temporary failure.
        Assert.Equal(sentence.Contains("does not answer", StringComparison.Ordinal), refused.IsTransient);
        Assert.False(File.Exists(_path));
    }

    /// <summary>The S3 server of these tests does not check signatures of version 4, so the error answers of stores are
    /// simulated.</summary>
    [Theory]
    [InlineData(403, "SignatureDoesNotMatch", "The store denied the integration tests access to the object (SignatureDoesNotMatch).")]
    [InlineData(403, "AccessDenied", "The store denied the integration tests access to the object (AccessDenied).")]
    [InlineData(403, "InvalidObjectState", "The object is archived and has to be restored first.")]
    [InlineData(501, "NotImplemented", "The store of the integration tests answered with status 501 (NotImplemented).")]
    public async Task Refusals_are_reported_with_the_code_and_without_the_message_of_the_store(int status, string code, string sentence)
    {
        await using var store = await FileHost.StartAsync(async context =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (status, "application/xml");
            await context.Response.WriteAsync($"<Error><Code>{code}</Code><Message>what was signed</Message></Error>");
        });
        var refused = await Assert.ThrowsAsync<FetchException>(() => FetchAsync("s3://raw/there.txt", ("Endpoint", store.Address)));
        Assert.Equal(sentence, refused.Message);
    }

    [Fact]
    public async Task An_interrupted_transfer_leaves_no_file()
    {
        await using var store = await FileHost.StartAsync(async context =>
        {
            // The server closes the connection after too few bytes. An abort could also lose the headers of the answer.
            context.Response.ContentLength = 500;
            await context.Response.Body.WriteAsync(new byte[100]);
        });
        var refused = await Assert.ThrowsAsync<FetchException>(() => FetchAsync("s3://raw/there.txt", ("Endpoint", store.Address)));
        Assert.Contains("interrupted the transfer", refused.Message, StringComparison.Ordinal);
        Assert.True(refused.IsTransient);
        Assert.False(File.Exists(_path));
    }

    [Fact]
    public async Task A_transfer_without_data_ends_at_the_idle_timeout()
    {
        await using var store = await FileHost.StartAsync(async context =>
        {
            context.Response.ContentLength = 500;
            await context.Response.Body.WriteAsync(new byte[100]);
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var settings = host.Settings(("Endpoint", store.Address));
        settings["VideoUnderstanding:Fetching:IdleSeconds"] = "0.5";
        var refused = await Assert.ThrowsAsync<FetchException>(() => FetchAsync("s3://raw/there.txt", 1000, _ => { }, settings));
        Assert.Contains("sent nothing for too long", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Public_buckets_are_read_without_credentials()
    {
        await host.PutTextAsync("open.txt", "open");
        await FetchAsync("s3://raw/open.txt", ("AccessKey", null), ("SecretKey", null), ("Anonymous", "true"));
        Assert.Equal("open", await File.ReadAllTextAsync(_path));
    }

    [Fact]
    public async Task The_allowed_networks_of_the_fetching_settings_apply_to_stores_too()
    {
        await host.PutTextAsync("near.txt", "near");
        var settings = host.Settings(("AllowPrivateNetwork", "false"));
        settings["VideoUnderstanding:Fetching:AllowedNetworks:0"] = "127.0.0.0/8";
        Assert.Equal(4, (await FetchAsync("s3://raw/near.txt", 1000, _ => { }, settings)).Bytes);
    }

    private Task<FetchedFile> FetchAsync(string address, params (string Name, string? Value)[] changes)
        => FetchAsync(address, 1000, _ => { }, host.Settings(changes));

    private Task<FetchedFile> FetchAsync(string address, long maxBytes = 1L << 30, Action<double>? onProgress = null)
        => FetchAsync(address, maxBytes, onProgress ?? (_ => { }), host.Settings());

    private async Task<FetchedFile> FetchAsync(
        string address, long maxBytes, Action<double> onProgress, Dictionary<string, string?> settings)
    {
        settings.TryAdd("VideoUnderstanding:Fetching:AllowPrivateNetworks", "false");
        await using var bench = IndexingBench.Create(_database, settings);
        return await bench.Services.GetRequiredService<SourceFetcher>()
            .FetchAsync(address, AccountId, _path, maxBytes, onProgress, null, CancellationToken.None);
    }

    private async Task<string> PutLargeAsync(string key, int size)
    {
        var content = RandomNumberGenerator.GetBytes(size);
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, content);
        await host.PutAsync(key, path);
        File.Delete(path);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }
}

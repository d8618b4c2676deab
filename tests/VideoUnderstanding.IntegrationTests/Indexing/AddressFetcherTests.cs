using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Indexing.Fetching;

namespace VideoUnderstanding.IntegrationTests.Indexing;

public sealed class AddressFetcherTests : IAsyncLifetime
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"vu-fetch-{Guid.NewGuid():N}");
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(300_000);
    private FileHost _host = null!;
    private int _requests;

    public async ValueTask InitializeAsync() => _host = await FileHost.StartAsync(AnswerAsync);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        File.Delete(_path);
    }

    [Fact]
    public async Task Content_is_stored_completely_with_its_hash_and_progress()
    {
        var shares = new List<double>();
        var fetched = await FetchAsync("/content", onProgress: shares.Add);
        Assert.Equal(new FetchedFile(_content.Length, Convert.ToHexStringLower(SHA256.HashData(_content))), fetched);
        Assert.Equal(_content, await File.ReadAllBytesAsync(_path));
        Assert.Equal(1, shares[^1]);
        Assert.Equal(shares.Order(), shares);
    }

    [Fact]
    public async Task Redirects_are_followed_up_to_the_limit()
    {
        Assert.Equal(_content.Length, (await FetchAsync("/redirect/5")).Bytes);
        var refused = await Assert.ThrowsAsync<FetchException>(() => FetchAsync("/redirect/6"));
        Assert.Contains("redirects more than 5 times", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/to-file", "Only http and https")]
    [InlineData("/missing", "status 404")]
    [InlineData("/part", "status 206")]
    [InlineData("/cut", "interrupted the transfer")]
    public async Task A_failed_fetch_is_reported_and_leaves_no_file(string path, string sentence)
    {
        var refused = await Assert.ThrowsAsync<FetchException>(() => FetchAsync(path));
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_path));
    }

    [Theory]
    [InlineData("/cut", true)]
    [InlineData("/answer/500", true)]
    [InlineData("/answer/502", true)]
    [InlineData("/answer/503", true)]
    [InlineData("/answer/429", true)]
    [InlineData("http://127.0.0.1:9999/", true)]
    [InlineData("/answer/403", false)]
    [InlineData("/answer/501", false)]
    [InlineData("/missing", false)]
    [InlineData("/to-file", false)]
    public async Task Temporary_failures_of_the_host_are_transient_and_permanent_errors_are_not(string path, bool isTransient)
        => Assert.Equal(isTransient, (await Assert.ThrowsAsync<FetchException>(() => FetchAsync(path))).IsTransient);

    [Theory]
    [InlineData("/content")]
    [InlineData("/chunked")]
    public async Task A_body_over_the_limit_is_refused_with_or_without_Content_Length(string path)
    {
        var refused = await Assert.ThrowsAsync<FetchException>(() => FetchAsync(path, maxBytes: _content.Length - 1));
        Assert.True(refused.TooLarge);
        Assert.False(File.Exists(_path));
        Assert.Equal(_content.Length, (await FetchAsync(path, maxBytes: _content.Length)).Bytes);
    }

    [Fact]
    public async Task A_host_that_stops_sending_times_out()
    {
        var refused = await Assert.ThrowsAsync<FetchException>(
            () => FetchAsync("/silent", new FetchingOptions { AllowPrivateNetworks = true, IdleSeconds = 0.3 }));
        Assert.Contains("sent nothing", refused.Message, StringComparison.Ordinal);
        Assert.True(refused.IsTransient);
    }

    [Fact]
    public async Task A_slow_download_ends_at_the_total_timeout()
    {
        var refused = await Assert.ThrowsAsync<FetchException>(
            () => FetchAsync("/drip", new FetchingOptions { AllowPrivateNetworks = true, TotalSeconds = 1 }));
        Assert.Contains("longer than 1 seconds", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0177.0.0.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("127。0。0。1")]
    [InlineData("0.0.0.0")]
    public async Task Addresses_of_the_own_machine_are_refused_in_every_notation(string name)
    {
        var refused = await Assert.ThrowsAsync<FetchException>(
            () => FetchAsync($"http://{name}:{new Uri(_host.Address).Port}/content", new FetchingOptions()));
        Assert.Contains("not on the public internet", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, _requests);
    }

    [Fact]
    public async Task Only_an_allowed_network_is_fetched_from()
    {
        var options = new FetchingOptions { AllowedNetworks = { "127.0.0.0/8" } };
        Assert.Equal(_content.Length, (await FetchAsync("/content", options)).Bytes);
        await Assert.ThrowsAsync<FetchException>(() => FetchAsync("http://[::1]:1/", options));
    }

    [Fact]
    public async Task A_redirect_to_a_private_network_is_refused()
    {
        var refused = await Assert.ThrowsAsync<FetchException>(
            () => FetchAsync("/to-private", new FetchingOptions { AllowedNetworks = { "127.0.0.0/8" } }));
        Assert.Contains("not on the public internet", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Responses_that_are_not_HTTP_are_reported()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync("SSH-2.0-OpenSSH_9\r\n"u8.ToArray());
        });
        var refused = await Assert.ThrowsAsync<FetchException>(
            () => FetchAsync($"http://127.0.0.1:{((System.Net.IPEndPoint)listener.LocalEndpoint).Port}/"));
        Assert.Contains("not HTTP", refused.Message, StringComparison.Ordinal);
        await answering;
    }

    private async Task<FetchedFile> FetchAsync(
        string address, FetchingOptions? options = null, long maxBytes = 1_000_000, Action<double>? onProgress = null)
    {
        var settings = Options.Create(options ?? new FetchingOptions { AllowPrivateNetworks = true });
        using var fetcher = new AddressFetcher(settings, new GuardedConnections(settings, System.Net.Dns.GetHostAddressesAsync),
            TimeProvider.System);
        return await fetcher.FetchAsync(address.StartsWith('/') ? _host.Address + address : address, _path, maxBytes,
            onProgress ?? (_ => { }), null, TestContext.Current.CancellationToken);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        var (path, response) = (context.Request.Path.Value!, context.Response);
        if (path.StartsWith("/redirect/", StringComparison.Ordinal))
            response.Redirect(path[10..] == "1" ? "/content"
                : $"/redirect/{int.Parse(path[10..], System.Globalization.CultureInfo.InvariantCulture) - 1}");
        else if (path.StartsWith("/answer/", StringComparison.Ordinal))
            response.StatusCode = int.Parse(path[8..], System.Globalization.CultureInfo.InvariantCulture);
        else if (path is "/to-file" or "/to-private")
            response.Redirect(path == "/to-file" ? "file:///etc/passwd" : "http://10.0.0.1/");
        else if (path is "/missing" or "/part")
            response.StatusCode = path == "/part" ? 206 : 404;
        else if (path is "/content" or "/cut" or "/silent")
            await SendAsync(context, path);
        else
            for (var at = 0; at < _content.Length && !context.RequestAborted.IsCancellationRequested; at += path == "/drip" ? 10 : 10_000)
            {
                await response.Body.WriteAsync(_content.AsMemory(at, path == "/drip" ? 10 : 10_000));
                await response.Body.FlushAsync();
                if (path == "/drip")
                    await Task.Delay(50);
            }
    }

    private async Task SendAsync(HttpContext context, string path)
    {
        context.Response.ContentLength = _content.Length;
        await context.Response.Body.WriteAsync(path == "/content" ? _content : _content.AsMemory(0, 1000));
        await context.Response.Body.FlushAsync();
        if (path == "/cut")
            context.Abort();
        if (path == "/silent")
            await Task.Delay(TimeSpan.FromSeconds(20), context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    }
}

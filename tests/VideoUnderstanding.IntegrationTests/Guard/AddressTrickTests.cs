using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Webhooks;
using VideoUnderstanding.Indexing.Fetching;
using VideoUnderstanding.Indexing.Webhooks;
using VideoUnderstanding.IntegrationTests.Indexing;
using VideoUnderstanding.Server.Webhooks;

namespace VideoUnderstanding.IntegrationTests.Guard;

/// <summary>Server-side request forgery: tries every address of <see cref="AddressTricks"/> with the client that fetches videos and
/// transcripts and with the client that sends notifications.</summary>
public sealed class AddressTrickTests : IAsyncLifetime
{
    /// <summary>The loopback network. The test host listens on all of its addresses.</summary>
    private const string LoopbackNetwork = "127.0.0.0/8";

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"vu-trick-{Guid.NewGuid():N}");
    private RequestDelegate _answer = _ => Task.CompletedTask;
    private FileHost _host = null!;
    private int _requests;

    private string HostAddress => $"http://127.0.0.1:{Port}/";
    private int Port => new Uri(_host.Address).Port;

    public static TheoryData<string, string> Tricks => [.. AddressTricks.All.Select(trick => (trick.Address, trick.Sentence))];

    /// <summary>Tricks that are valid in a Location header and do not lead back to the redirecting host.</summary>
    public static TheoryData<string, string> Redirects => [.. AddressTricks.All
        .Where(trick => Uri.TryCreate(trick.Address.Replace("PORT", "8080", StringComparison.Ordinal), UriKind.Absolute, out _))
        .Where(trick => trick.Address.All(letter => char.IsAscii(letter) && !char.IsControl(letter)) && trick.Address[0] != '/'
            && trick.Sentence != "longer than")
        .Select(trick => (trick.Address, trick.Sentence))];

    public async ValueTask InitializeAsync() => _host = await FileHost.StartAsync(context =>
    {
        Interlocked.Increment(ref _requests);
        return _answer(context);
    }, "0.0.0.0");

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        File.Delete(_path);
    }

    [Fact]
    public void There_are_enough_tricks() => Assert.True(AddressTricks.All.Select(trick => trick.Address).Distinct().Count() >= 60);

    [Theory]
    [MemberData(nameof(Tricks))]
    public async Task A_trick_is_refused_before_a_request_is_sent(string address, string sentence)
    {
        var at = address.Replace("PORT", $"{Port}", StringComparison.Ordinal);

        var refused = await Assert.ThrowsAsync<FetchException>(() => FetchAsync(at));
        var notified = await NotifyAsync(at);

        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        Assert.NotNull(notified.Error);
        Assert.Null(notified.Status);
        Assert.Equal(0, _requests);
        Assert.False(File.Exists(_path));
    }

    [Theory]
    [MemberData(nameof(Redirects))]
    public async Task A_trick_is_refused_as_the_target_of_a_redirect(string address, string sentence)
    {
        _answer = context =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = address.Replace("PORT", $"{Port}", StringComparison.Ordinal);
            return Task.CompletedTask;
        };
        // The redirecting host has the only allowed address. The tricks lead to other addresses.
        var refused = await Assert.ThrowsAsync<FetchException>(
            () => FetchAsync($"http://door.example.org:{Port}/", new FetchingOptions { AllowedNetworks = { "127.0.0.77/32" } }));
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, _requests);
        Assert.False(File.Exists(_path));
    }

    [Fact]
    public async Task A_connection_uses_the_address_of_a_single_name_lookup()
    {
        _answer = context => context.Response.WriteAsync("video");
        var answers = new Queue<IPAddress>([IPAddress.Loopback, IPAddress.Parse("10.0.0.1")]);
        var settings = Options.Create(new FetchingOptions { AllowedNetworks = { LoopbackNetwork }, ConnectSeconds = 5 });
        var connections = new GuardedConnections(settings, (_, _) => Task.FromResult<IPAddress[]>([answers.Dequeue()]));
        using (var fetcher = new AddressFetcher(settings, connections, TimeProvider.System))
            Assert.Equal(5,
                (await fetcher.FetchAsync($"http://rebinding.example.org:{Port}/", _path, 100, _ => { }, null,
                    CancellationToken.None)).Bytes);
        Assert.Single(answers);
        // The next connection resolves the name again and gets a private address. It is refused although the name was allowed before.
        using var next = new AddressFetcher(settings, connections, TimeProvider.System);
        await Assert.ThrowsAsync<FetchException>(
            () => next.FetchAsync($"http://rebinding.example.org:{Port}/", _path, 100, _ => { }, null, CancellationToken.None));
        Assert.Equal(1, _requests);
    }

    [Theory]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("127.0.0.1/32", true)]
    [InlineData("10.0.0.0/8", false)]
    [InlineData("::1/128", false)]
    public async Task Only_networks_of_the_list_are_allowed(string network, bool isOpen)
    {
        _answer = context => context.Response.WriteAsync("video");
        var options = new FetchingOptions { AllowedNetworks = { network } };
        if (isOpen)
            Assert.Equal(5, (await FetchAsync(HostAddress, options)).Bytes);
        else
            await Assert.ThrowsAsync<FetchException>(() => FetchAsync(HostAddress, options));
        Assert.Equal(isOpen ? 1 : 0, _requests);
    }

    [Fact]
    public async Task A_compressed_body_is_stored_without_decompression()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            for (var megabytes = 0; megabytes < 20; megabytes++)
                gzip.Write(new byte[1 << 20]);
        _answer = context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return context.Response.Body.WriteAsync(compressed.ToArray()).AsTask();
        };
        Assert.Equal(compressed.Length,
            (await FetchAsync(HostAddress, new FetchingOptions { AllowedNetworks = { LoopbackNetwork } })).Bytes);
    }

    [Fact]
    public async Task An_endless_body_is_refused_at_the_limit()
    {
        _answer = async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(new byte[65536]);
        };
        Assert.True(
            (await Assert.ThrowsAsync<FetchException>(
                () => FetchAsync(HostAddress, new FetchingOptions { AllowedNetworks = { LoopbackNetwork } }))).TooLarge);
        Assert.False(File.Exists(_path));
    }

    [Theory]
    // The announced length exceeds the length of the body.
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nshort")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nshort\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nshort")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nshort")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-4/100\r\nContent-Length: 5\r\n\r\nshort")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation:\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\nshort")]
    [InlineData("ICY 200 OK\r\n\r\nshort")]
    [InlineData("\u0016\u0003\u0001\u0002")]
    public async Task Invalid_responses_are_reported_and_leave_no_file(string answer)
    {
        var refused = await Assert.ThrowsAsync<FetchException>(() => FetchRawAsync(answer));
        Assert.NotEmpty(refused.Message);
        Assert.False(File.Exists(_path));
    }

    [Fact]
    public async Task Bytes_beyond_the_announced_length_are_not_stored()
    {
        Assert.Equal(5, (await FetchRawAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nshortHTTP/1.1 200 OK\r\n\r\nmore")).Bytes);
        Assert.Equal("short", await File.ReadAllTextAsync(_path));
    }

    [Fact]
    public async Task Too_many_headers_are_refused() => await Assert.ThrowsAsync<FetchException>(
        () => FetchRawAsync($"HTTP/1.1 200 OK\r\n{string.Concat(Enumerable.Range(0, 2000)
            .Select(number => $"X-{number}: {new string('a', 100)}\r\n"))}Content-Length: 5\r\n\r\nshort"));

    private async Task<FetchedFile> FetchRawAsync(string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            var received = await client.GetStream().ReadAsync(new byte[4096]);
            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(answer)).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
            return received;
        });
        try
        {
            return await FetchAsync($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/",
                new FetchingOptions { AllowedNetworks = { LoopbackNetwork }, IdleSeconds = 5 });
        }
        finally
        {
            Assert.True(await answering > 0);
        }
    }

    private async Task<FetchedFile> FetchAsync(string address, FetchingOptions? options = null)
    {
        var settings = Options.Create(options ?? new FetchingOptions());
        using var fetcher = new AddressFetcher(settings, Connections(settings), TimeProvider.System);
        return await fetcher.FetchAsync(address, _path, 1_000_000, _ => { }, null, TestContext.Current.CancellationToken);
    }

    private async Task<SendingResult> NotifyAsync(string address)
    {
        var (settings, webhooks) = (Options.Create(new FetchingOptions()), Options.Create(new WebhookOptions { AllowHttp = true }));
        var connections = Connections(settings);
        using var sender = new WebhookSender(webhooks, new WebhookAddress(webhooks, connections), connections, TimeProvider.System,
            NullLogger<WebhookSender>.Instance);
        return await sender.SendAsync(new Notification(address, "secret", "{}"u8.ToArray()), TestContext.Current.CancellationToken);
    }

    private static GuardedConnections Connections(IOptions<FetchingOptions> settings)
        => new(settings, (host, _) => AddressTricks.Names.TryGetValue(host, out var addresses)
            ? Task.FromResult<IPAddress[]>([.. addresses.Select(IPAddress.Parse)])
            : throw new SocketException((int)SocketError.HostNotFound));
}

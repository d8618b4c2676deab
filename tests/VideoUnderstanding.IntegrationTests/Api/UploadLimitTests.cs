using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Api;

/// <summary>Uploads that exceed a limit, and uploads that are interrupted.</summary>
public sealed class UploadLimitTests(DatabaseTemplate template, SampleClips clips) : IAsyncLifetime
{
    private const int MaxBytes = 300_000;
    private TestServer _server = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(template,
            new Dictionary<string, string?> { ["VideoUnderstanding:Limits:MaxBytes"] = MaxBytes.ToString() });
        _client = _server.CreateClient();
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return _server.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_upload_over_the_limit_is_refused_while_it_streams_and_leaves_nothing(bool chunked)
    {
        var index = await _server.AddIndexAsync(options: ["visual"]);
        using var form = new MultipartFormDataContent
        {
            { new StringContent(index.Id), "index_id" }, { new LargeContent(20_000_000, chunked), "video_file", "big.mp4" },
        };

        var message = await _client.PostAsync("/v1.1/tasks", form).ErrorAsync(HttpStatusCode.BadRequest, "video_filesize_too_large");

        Assert.Contains("300000 bytes", message, StringComparison.Ordinal);
        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_file_of_exactly_the_limit_is_validated_by_its_content()
    {
        var index = await _server.AddIndexAsync(options: ["visual"]);
        using var form = new MultipartFormDataContent
        {
            { new StringContent(index.Id), "index_id" }, { new ByteArrayContent(new byte[MaxBytes]), "video_file", "zeros.mp4" },
        };
        await _client.PostAsync("/v1.1/tasks", form).ErrorAsync(HttpStatusCode.BadRequest, "video_file_broken");
    }

    [Fact]
    public async Task An_upload_for_an_unknown_index_is_refused_before_the_file_is_stored()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("640080b29a4b2f0c1d3e5a02"), "index_id" },
            { new LargeContent(2_000_000, chunked: true), "video_file", "a.mp4" },
        };
        await _client.PostAsync("/v1.1/tasks", form).ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_full_disk_refuses_uploads()
    {
        await using var full = await TestServer.StartAsync(template,
            new Dictionary<string, string?> { ["VideoUnderstanding:MinFreeBytes"] = long.MaxValue.ToString() });
        using var client = full.CreateClient();
        using var form = new MultipartFormDataContent
        {
            { new StringContent((await full.AddIndexAsync(options: ["visual"])).Id), "index_id" },
            { new StreamContent(File.OpenRead(clips.WithSound)), "video_file", "a.mp4" },
        };
        var message = await client.PostAsync("/v1.1/tasks", form).ErrorAsync(HttpStatusCode.BadRequest, "usage_limit_exceeded");
        Assert.Contains("disk space", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_upload_leaves_nothing()
    {
        var index = await _server.AddIndexAsync(options: ["visual"]);
        var incoming = Path.Combine(_server.Files.Root, "incoming");
        using (var socket = new TcpClient(_server.Address.Host, _server.Address.Port))
        {
            var body =
                $"--xyz\r\nContent-Disposition: form-data; name=\"index_id\"\r\n\r\n{index.Id}\r\n--xyz\r\nContent-Disposition: form-data; "
                    + $"name=\"video_file\"; filename=\"a.mp4\"\r\n\r\n{new string('a', 200_000)}";
            var head =
                $"POST /v1.1/tasks HTTP/1.1\r\nHost: {_server.Address.Authority}\r\nx-api-key: {_server.Key}\r\nContent-Type: "
                    + $"multipart/form-data; boundary=xyz\r\nContent-Length: 250000\r\n\r\n";
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + body));
            await EventuallyAsync(() => Directory.GetFiles(incoming).Length == 1, "the file to arrive");
        }
        await EventuallyAsync(() => Directory.GetFiles(incoming).Length == 0, "the unfinished file to go");
        await AssertNothingIsLeftAsync();
        await _client.GetAsync("/v1.1/indexes").JsonAsync();
    }

    private async Task AssertNothingIsLeftAsync()
    {
        Assert.Empty(Directory.GetFiles(_server.Files.Root, "*", SearchOption.AllDirectories));
        await using var db = _server.Database.Open();
        Assert.False(await db.Videos.AnyAsync());
        Assert.False(await db.Tasks.AnyAsync());
    }

    private static async Task EventuallyAsync(Func<bool> holds, string what)
    {
        for (var attempts = 0; !holds(); attempts++)
        {
            Assert.True(attempts < 1200, $"Waited too long for {what}.");
            await Task.Delay(50);
        }
    }

    /// <summary>Zeros, with or without a Content-Length.</summary>
    private sealed class LargeContent(int length, bool chunked) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var block = new byte[65536];
            for (var sent = 0; sent < length; sent += block.Length)
                await stream.WriteAsync(block.AsMemory(0, Math.Min(block.Length, length - sent)));
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return !chunked;
        }
    }
}

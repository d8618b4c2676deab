using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace VideoUnderstanding.IntegrationTests.Inference.Manifest;

/// <summary>
/// A model hub on two local addresses. The hub answers <c>/OWNER/REPOSITORY/resolve/REVISION/PATH</c>. For a small file it redirects to
/// a relative address of its own. For a large file it redirects to a signed address of the content network and sends the file's hash
/// and size in X-Linked-ETag and X-Linked-Size.
/// </summary>
internal sealed class HubServer : IAsyncDisposable
{
    private readonly WebApplication _hub;
    private readonly WebApplication _content;

    private HubServer(WebApplication hub, WebApplication content) => (_hub, _content) = (hub, content);

    /// <summary>Files by path below the hub. Files under 1,000 bytes count as small.</summary>
    public ConcurrentDictionary<string, byte[]> Files { get; } = [];

    /// <summary>The content network closes the connection after this number of bytes of a response; 0 for never.</summary>
    public int BreakAfter { get; set; }

    /// <summary>The content network sends these bytes instead of a file, such as the login page of a proxy.</summary>
    public byte[]? Replacement { get; set; }

    /// <summary>True if the hub accepts connections and never answers.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Requests in order: host, path, Range.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    public string Address => _hub.Urls.Single();

    public static async Task<HubServer> StartAsync()
    {
        var (hub, content) = (Build(), Build());
        var server = new HubServer(hub, content);
        hub.Run(server.AnswerHubAsync);
        content.Run(server.AnswerContentAsync);
        await hub.StartAsync();
        await content.StartAsync();
        return server;
    }

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }

    private async Task AnswerHubAsync(HttpContext context)
    {
        Note("hub", context);
        if (IsSilent)
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        var path = context.Request.Path.Value![1..];
        if (path.StartsWith("api/resolve-cache/", StringComparison.Ordinal))
        {
            await SendAsync(context, Files[path["api/resolve-cache/".Length..]]);
        }
        else if (!Files.TryGetValue(path, out var bytes))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else if (bytes.Length < 1000)
        {
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = $"/api/resolve-cache/{path}";
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status302Found;
            context.Response.Headers["X-Linked-ETag"] = $"\"{Hash(bytes)}\"";
            context.Response.Headers["X-Linked-Size"] = bytes.Length.ToString(CultureInfo.InvariantCulture);
            context.Response.Headers.Location =
                $"{_content.Urls.Single()}/xet/{Hash(bytes)}?X-Amz-Signature=0123&file={Uri.EscapeDataString(path)}";
        }
    }

    private async Task AnswerContentAsync(HttpContext context)
    {
        Note("content", context);
        var bytes = Replacement ?? Files[context.Request.Query["file"].ToString()];
        if (BreakAfter > 0 && bytes.Length - FirstByte(context) > BreakAfter)
        {
            var from = FirstByte(context);
            context.Response.StatusCode = from > 0 ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
            context.Response.ContentLength = bytes.Length - from;
            context.Response.Headers.ETag = $"\"{Hash(bytes)}\"";
            // Kestrel closes the connection after too few bytes. An abort could discard bytes that the client has not read yet.
            await context.Response.Body.WriteAsync(bytes.AsMemory(from, BreakAfter));
            return;
        }
        await SendAsync(context, bytes);
    }

    private static int FirstByte(HttpContext context) =>
        RangeHeaderValue.TryParse(context.Request.Headers.Range.ToString(), out var range) ? (int)range.Ranges.Single().From! : 0;

    private static Task SendAsync(HttpContext context, byte[] bytes) =>
        Results.Bytes(bytes, enableRangeProcessing: true, entityTag: new EntityTagHeaderValue($"\"{Hash(bytes)}\"")).ExecuteAsync(context);

    private void Note(string host, HttpContext context)
        => Requests.Enqueue($"{host} {context.Request.Path} {context.Request.Headers.Range}".TrimEnd());

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _content.DisposeAsync();
    }
}

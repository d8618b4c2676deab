using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace VideoUnderstanding.IntegrationTests.Inference.Manifest;

/// <summary>A local file server that can interrupt responses.</summary>
internal sealed class ModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ModelServer(WebApplication app) => _app = app;

    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>The number of following responses that stop after half of the file.</summary>
    public int Breaks { get; set; }

    /// <summary>The Range header of every request, in order; empty if absent.</summary>
    public List<string> Ranges { get; } = [];

    public string AddressOf(string file) => $"{_app.Urls.Single()}/{file}";

    public static async Task<ModelServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new ModelServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Ranges.Add(context.Request.Headers.Range.ToString());
        if (!Files.TryGetValue(context.Request.Path.Value![1..], out var bytes))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if (Breaks > 0)
        {
            Breaks--;
            context.Response.ContentLength = bytes.Length;
            context.Response.Headers.ETag = Tag(bytes);
            // Kestrel closes the connection after too few bytes. An abort could discard bytes that the client has not read yet.
            await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
            return;
        }
        await Results.Bytes(bytes, enableRangeProcessing: true, entityTag: new EntityTagHeaderValue(Tag(bytes))).ExecuteAsync(context);
    }

    private static string Tag(byte[] bytes) => $"\"{bytes.Length}-{bytes[0]}\"";

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

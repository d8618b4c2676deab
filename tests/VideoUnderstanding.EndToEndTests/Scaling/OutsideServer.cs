using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace VideoUnderstanding.EndToEndTests.Scaling;

/// <summary>An external web server that receives webhooks at <c>/hook</c> and serves the files of a folder. Some notifications are refused,
/// and for some the connection breaks after they were received, so both are sent again.</summary>
internal sealed class OutsideServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, string> _bodies = [];
    private int _received;

    private OutsideServer(string address, string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{address}:0");
        _app = builder.Build();
        _app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(folder), ServeUnknownFileTypes = true });
        _app.MapPost("/hook", ReceiveAsync);
    }

    /// <summary>Received notifications, with those that were refused or repeated.</summary>
    public int Received => _received;

    /// <summary>Body of each event, by its identifier.</summary>
    public IReadOnlyDictionary<string, string> Bodies => _bodies;

    public ConcurrentBag<string> Violations { get; } = [];

    public Uri AddressOf(string path) => new(new Uri(_app.Urls.First()), path);

    public static async Task<OutsideServer> StartAsync(string address, string folder)
    {
        var server = new OutsideServer(address, folder);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var number = Interlocked.Increment(ref _received);
        if (number % 6 == 1)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        var id = JsonElement.Parse(Encoding.UTF8.GetBytes(body)).GetProperty("id").GetString()!;
        if (_bodies.GetOrAdd(id, body) != body)
            Violations.Add($"Event {id} was sent with two contents: {_bodies[id]} and {body}");
        if (number % 9 == 4)
            context.Abort();
    }
}

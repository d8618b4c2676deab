using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace VideoUnderstanding.EndToEndTests.Support;

/// <summary>An external web server. <c>/hook</c> receives notifications. <c>/slow</c> waits for <see cref="Allow"/> and then returns a
/// video. <c>/later</c> returns 404 before <see cref="Allow"/> and the video after it. Other paths return 404.</summary>
internal sealed class ExternalServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TaskCompletionSource _allowed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ExternalServer(string video)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/hook", async (HttpRequest request) =>
        {
            using var body = await JsonDocument.ParseAsync(request.Body);
            Notifications.Enqueue((body.RootElement.GetProperty("type").GetString()!, request.Headers["TL-Signature"].ToString()));
            return Results.Ok();
        });
        _app.MapGet("/later", () => _allowed.Task.IsCompleted ? Results.File(video, "video/mp4") : Results.NotFound());
        _app.MapGet("/slow", async (HttpContext context) =>
        {
            await _allowed.Task.WaitAsync(context.RequestAborted);
            return Results.File(video, "video/mp4");
        });
    }

    /// <summary>Event type and signature of each notification that <c>/hook</c> received.</summary>
    public ConcurrentQueue<(string Type, string Signature)> Notifications { get; } = [];

    public Uri AddressOf(string path) => new(new Uri(_app.Urls.First()), path);

    public static async Task<ExternalServer> StartAsync(string video)
    {
        var server = new ExternalServer(video);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public void Allow() => _allowed.TrySetResult();

    public ValueTask DisposeAsync()
    {
        Allow();
        return _app.DisposeAsync();
    }
}

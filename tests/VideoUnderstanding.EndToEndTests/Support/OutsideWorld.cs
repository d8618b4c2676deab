using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace VideoUnderstanding.EndToEndTests.Support;

/// <summary>A foreign web server: <c>/hook</c> takes notifications, <c>/slow</c> gives a video once it is allowed to, <c>/later</c> is not
/// there before, anything else is never there.</summary>
internal sealed class OutsideWorld : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TaskCompletionSource _allowed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OutsideWorld(string video)
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

    /// <summary>What came to <c>/hook</c>: the type of the event, and the signature.</summary>
    public ConcurrentQueue<(string Type, string Signature)> Notifications { get; } = [];

    public Uri AddressOf(string path) => new(new Uri(_app.Urls.First()), path);

    public static async Task<OutsideWorld> StartAsync(string video)
    {
        var world = new OutsideWorld(video);
        await world._app.StartAsync(TestContext.Current.CancellationToken);
        return world;
    }

    public void Allow() => _allowed.TrySetResult();

    public ValueTask DisposeAsync()
    {
        Allow();
        return _app.DisposeAsync();
    }
}

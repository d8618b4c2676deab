using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using VideoUnderstanding.Data.Webhooks;

namespace VideoUnderstanding.EndToEndTests.Support;

/// <summary>A received notification.</summary>
/// <param name="Signature">The header <c>TL-Signature</c>.</param>
internal sealed record Notification(string Signature, byte[] Body)
{
    public string Type => JsonSerializer.Deserialize<JsonElement>(Body).GetProperty("type").GetString()!;

    /// <summary>True if the signature was made with this secret.</summary>
    public bool IsSignedWith(string secret)
    {
        var seconds = long.Parse(Signature.Split(',')[0]["t=".Length..], CultureInfo.InvariantCulture);
        return Signature == WebhookSignature.Of(secret, DateTimeOffset.FromUnixTimeSeconds(seconds), Body);
    }
}

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
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            Notifications.Enqueue(new Notification(request.Headers[WebhookSignature.Header].ToString(), body.ToArray()));
            return Results.Ok();
        });
        _app.MapGet("/later", () => _allowed.Task.IsCompleted ? Results.File(video, "video/mp4") : Results.NotFound());
        _app.MapGet("/slow", async (HttpContext context) =>
        {
            await _allowed.Task.WaitAsync(context.RequestAborted);
            return Results.File(video, "video/mp4");
        });
    }

    /// <summary>The notifications that <c>/hook</c> received.</summary>
    public ConcurrentQueue<Notification> Notifications { get; } = [];

    public Uri AddressOf(string path) => new(new Uri(_app.Urls.First()), path);

    public static async Task<ExternalServer> StartAsync(string video)
    {
        var server = new ExternalServer(video);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Waits until <c>/hook</c> has received this number of notifications.</summary>
    /// <returns>The last one.</returns>
    public async Task<Notification> ReceiveAsync(int count)
    {
        for (var waited = Stopwatch.StartNew(); Notifications.Count < count; await Task.Delay(50, TestContext.Current.CancellationToken))
        {
            if (waited.ElapsedMilliseconds > Chromium.TimeoutMilliseconds)
                Assert.Fail($"{Notifications.Count} of {count} notifications were received.");
        }
        return Assert.Single(Notifications.Skip(count - 1));
    }

    public void Allow() => _allowed.TrySetResult();

    public ValueTask DisposeAsync()
    {
        Allow();
        return _app.DisposeAsync();
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using VideoUnderstanding.IntegrationTests.Indexing;

namespace VideoUnderstanding.IntegrationTests.Webhooks;

/// <summary>A notification as it arrived.</summary>
/// <param name="Signature">The header, as it was.</param>
/// <param name="Body">The raw bytes.</param>
internal sealed record Received(string Path, string? ContentType, string Signature, byte[] Body)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    /// <summary>Unix seconds that the sender signed.</summary>
    public long SignedAt => long.Parse(Signature.Split(',')[0]["t=".Length..], CultureInfo.InvariantCulture);

    /// <summary>What a receiver does: time, full stop and raw bytes under the shared secret.</summary>
    public bool IsSignedWith(string secret)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{SignedAt}."), .. Body];
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
        return Signature == $"t={SignedAt},v1={Convert.ToHexStringLower(expected)}";
    }
}

/// <summary>A web server that notes down what it is told and answers as the test says.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<Received> _received = [];
    private FileHost? _host;

    /// <summary>What it answers with; 200 and nothing else unless the test says otherwise.</summary>
    public RequestDelegate Answer { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<Received> Received => [.. _received];

    public string Url => $"{_host!.Address}/hook";

    public static async Task<WebhookReceiver> StartAsync()
    {
        var receiver = new WebhookReceiver();
        receiver._host = await FileHost.StartAsync(receiver.ReceiveAsync);
        return receiver;
    }

    public void AnswerWith(int status) => Answer = context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>Waits until so much has arrived.</summary>
    public async Task<IReadOnlyList<Received>> WaitAsync(int count, int seconds = 180)
    {
        for (var begin = TimeProvider.System.GetTimestamp(); _received.Count < count; await Task.Delay(50))
            if (TimeProvider.System.GetElapsedTime(begin) > TimeSpan.FromSeconds(seconds))
                Assert.Fail($"{_received.Count} notifications instead of {count} after {seconds} seconds.");
        return Received;
    }

    public ValueTask DisposeAsync() => _host!.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _received.Enqueue(
            new Received(context.Request.Path, context.Request.ContentType, context.Request.Headers["TL-Signature"].ToString(),
                body.ToArray()));
        await Answer(context);
    }
}

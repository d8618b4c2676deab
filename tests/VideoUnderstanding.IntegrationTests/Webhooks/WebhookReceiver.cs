using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using VideoUnderstanding.IntegrationTests.Indexing;

namespace VideoUnderstanding.IntegrationTests.Webhooks;

/// <summary>A received notification.</summary>
/// <param name="Signature">The unchanged header.</param>
/// <param name="Body">The raw bytes.</param>
internal sealed record Received(string Path, string? ContentType, string Signature, byte[] Body)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    /// <summary>Unix seconds in the signature header.</summary>
    public long SignedAt => long.Parse(Signature.Split(',')[0]["t=".Length..], CultureInfo.InvariantCulture);

    /// <summary>Computes the signature of time, full stop and raw bytes with the shared secret, as receivers do, and compares it.</summary>
    public bool IsSignedWith(string secret)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{SignedAt}."), .. Body];
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
        return Signature == $"t={SignedAt},v1={Convert.ToHexStringLower(expected)}";
    }
}

/// <summary>A web server that records the received notifications and answers as configured.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<Received> _received = [];
    private FileHost? _host;

    /// <summary>Writes the answer. The default is an empty answer with status 200.</summary>
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

    /// <summary>Waits until this many notifications have arrived.</summary>
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

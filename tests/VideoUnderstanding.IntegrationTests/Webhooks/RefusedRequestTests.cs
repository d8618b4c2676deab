using System.Net;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Webhooks;

/// <summary>A bench without webhooks, shared by tests that change nothing.</summary>
public sealed class BenchWithoutWebhooks(DatabaseTemplate template) : IAsyncLifetime
{
    internal WebhookBench Bench { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Bench = await WebhookBench.StartAsync(template);

    public ValueTask DisposeAsync() => Bench.DisposeAsync();
}

/// <summary>Requests that the administration API for webhooks refuses.</summary>
public sealed class RefusedRequestTests(BenchWithoutWebhooks shared) : IClassFixture<BenchWithoutWebhooks>
{
    private readonly WebhookBench _bench = shared.Bench;

    [Theory]
    [InlineData("{}", "parameter_not_provided", "url")]
    [InlineData("""{"url":7}""", "parameter_invalid", "url")]
    [InlineData("""{"url":"hooks.example.org"}""", "parameter_invalid", "http")]
    [InlineData("""{"url":"ftp://hooks.example.org"}""", "parameter_invalid", "http")]
    [InlineData("""{"url":"https://user:word@hooks.example.org"}""", "parameter_invalid", "password")]
    [InlineData("""{"url":"https://hooks.example.org/#a"}""", "parameter_invalid", "fragment")]
    [InlineData("""{"url":"https://hooks.example.org","events":[]}""", "parameter_invalid", "index.task.ready, index.task.failed")]
    [InlineData("""{"url":"https://hooks.example.org","events":["index.task.lost"]}""", "parameter_invalid", "events")]
    [InlineData("""{"url":"https://hooks.example.org","events":["index.task.ready","index.task.ready"]}""", "parameter_invalid", "twice")]
    [InlineData("""{"url":"https://hooks.example.org","secret":"mine"}""", "parameter_unknown", "secret")]
    [InlineData("[", "parameter_invalid", "body")]
    public async Task An_invalid_endpoint_is_refused(string body, string code, string words)
    {
        var message = await _bench.Client.PostAsync("/admin/webhooks", new StringContent(body)).ErrorAsync(HttpStatusCode.BadRequest, code);
        Assert.Contains(words, message, StringComparison.Ordinal);
        Assert.Empty((await _bench.Client.GetAsync("/admin/webhooks").JsonAsync()).Data());
    }

    [Theory]
    [InlineData("GET", "/admin/webhooks")]
    [InlineData("POST", "/admin/webhooks")]
    [InlineData("DELETE", "/admin/webhooks/64007e509a4b2f0c1d3e5b10")]
    [InlineData("GET", "/admin/webhooks/events")]
    public async Task The_administration_API_needs_authentication(string method, string path)
    {
        using var anonymous = _bench.Server.CreateClient(withKey: false);
        await anonymous.SendAsync(new HttpRequestMessage(new HttpMethod(method), path))
            .ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid");
    }
}

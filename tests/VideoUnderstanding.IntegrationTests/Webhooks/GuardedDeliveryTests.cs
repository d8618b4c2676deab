using System.Net;
using System.Net.Http.Json;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Webhooks;

/// <summary>Webhook addresses cannot be used to reach the internal network of the server.</summary>
public sealed class GuardedDeliveryTests(DatabaseTemplate template)
{
    [Fact]
    public async Task By_default_only_https_addresses_are_accepted()
    {
        await using var bench = await WebhookBench.StartAsync(template, ("VideoUnderstanding:Webhooks:AllowHttp", "false"));
        var message = await bench.Client.PostAsJsonAsync("/admin/webhooks", new { url = "http://hooks.example.org/a" })
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        Assert.Contains("https", message, StringComparison.Ordinal);
        await bench.AddAsync("https://hooks.example.org/a");
    }

    [Theory]
    [InlineData("http://127.0.0.1:5432/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://169.254.169.254/latest")]
    [InlineData("http://2130706433/")]
    public async Task A_literal_private_address_is_refused_when_it_is_added(string url)
    {
        await using var bench = await WebhookBench.StartAsync(template, ("VideoUnderstanding:Fetching:AllowPrivateNetworks", "false"));
        var message = await bench.Client.PostAsJsonAsync("/admin/webhooks", new { url })
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        Assert.Contains("public internet", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_name_with_a_private_address_is_not_connected()
    {
        await using var bench = await WebhookBench.StartAsync(template, ("VideoUnderstanding:Fetching:AllowPrivateNetworks", "false"));
        var (id, _) = await bench.AddAsync(bench.Receiver.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        await bench.FinishTaskAsync();
        await bench.DeliverAsync();

        Assert.Empty(bench.Receiver.Received);
        var entry = Assert.Single(await bench.AttemptsAsync(id));
        Assert.Equal("The host localhost is not on the public internet.", entry.GetProperty("error").GetString());
        Assert.Single(bench.Server.Jobs.Scheduled);
    }
}

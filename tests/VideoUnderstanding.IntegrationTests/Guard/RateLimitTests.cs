using System.Net;
using System.Net.Http.Json;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Guard;

/// <summary>Clients over a rate limit get 429 with the time to wait. The tests control the clock.</summary>
public sealed class RateLimitTests(DatabaseTemplate template)
{
    private const string Limits = "VideoUnderstanding:RateLimits:";

    [Fact]
    public async Task A_key_over_its_rate_limit_waits_as_long_as_Retry_After_says()
    {
        await using var server = await StartAsync((Limits + "RequestsPerMinute", "6"), (Limits + "RequestBurst", "2"));
        using var client = server.CreateClient();
        await client.GetAsync("/v1.1/engines").JsonAsync();
        await client.GetAsync("/v1.1/indexes").JsonAsync();

        using (var refused = await client.GetAsync("/v1.1/engines"))
            Assert.Equal(TimeSpan.FromSeconds(10), refused.Headers.RetryAfter?.Delta);
        var message = await client.GetAsync("/admin/webhooks").ErrorAsync(HttpStatusCode.TooManyRequests, "too_many_requests");
        Assert.Contains("Retry-After", message, StringComparison.Ordinal);

        server.Clock.Advance(TimeSpan.FromSeconds(10));
        await client.GetAsync("/v1.1/engines").JsonAsync();
        await client.GetAsync("/v1.1/engines").ErrorAsync(HttpStatusCode.TooManyRequests, "too_many_requests");
    }

    [Fact]
    public async Task Each_key_has_its_own_rate_limit()
    {
        await using var server = await StartAsync((Limits + "RequestsPerMinute", "1"), (Limits + "RequestBurst", "1"));
        using var first = server.CreateClient();
        await first.GetAsync("/v1.1/engines").JsonAsync();
        await first.GetAsync("/v1.1/engines").ErrorAsync(HttpStatusCode.TooManyRequests, "too_many_requests");
        using var second = server.CreateClient(withKey: false);
        second.DefaultRequestHeaders.Add("x-api-key", await server.CreateKeyAsync());
        await second.GetAsync("/v1.1/engines").JsonAsync();
    }

    [Theory]
    [InlineData("/v1.1/search")]
    [InlineData("/v1.1/beta/search")]
    [InlineData("/v1.1/classify")]
    [InlineData("/v1.1/classify/bulk")]
    [InlineData("/v1.1/tasks")]
    [InlineData("/v1.1/tasks/transfers")]
    public async Task Costly_requests_have_a_separate_limit(string path)
    {
        await using var server = await StartAsync((Limits + "CostlyPerMinute", "1"), (Limits + "CostlyBurst", "1"));
        using var client = server.CreateClient();
        using (var first = await client.PostAsJsonAsync(path, new { }))
            Assert.Equal(HttpStatusCode.BadRequest, first.StatusCode);
        await client.PostAsJsonAsync(path, new { }).ErrorAsync(HttpStatusCode.TooManyRequests, "too_many_requests");
        await client.PostAsJsonAsync("/p" + path, new { }).ErrorAsync(HttpStatusCode.TooManyRequests, "too_many_requests");
        await client.GetAsync("/v1.1/tasks").JsonAsync();
    }

    [Fact]
    public async Task An_address_with_many_wrong_keys_is_refused_and_keys_that_have_worked_are_not()
    {
        await using var server = await StartAsync((Limits + "FailedKeysPerMinute", "60"), (Limits + "FailedKeyBurst", "3"));
        using var good = server.CreateClient();
        await good.GetAsync("/v1.1/engines").JsonAsync();
        foreach (var guess in Enumerable.Range(0, 3))
            await GetEnginesAsync(server, $"tlk_{guess}").ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid");

        await GetEnginesAsync(server, "tlk_4").ErrorAsync(HttpStatusCode.TooManyRequests, "too_many_requests");
        // A valid key that has not been used before is refused, too, so the refusal does not reveal whether a key is valid.
        var fresh = await server.CreateKeyAsync();
        await GetEnginesAsync(server, fresh).ErrorAsync(HttpStatusCode.TooManyRequests, "too_many_requests");
        await good.GetAsync("/v1.1/engines").JsonAsync();
        using (var keyless = server.CreateClient(withKey: false))
            await keyless.GetAsync("/v1.1/engines").ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid");

        server.Clock.Advance(TimeSpan.FromSeconds(2));
        await GetEnginesAsync(server, fresh).JsonAsync();
    }

    [Fact]
    public async Task Clients_behind_a_trusted_proxy_are_distinguished()
    {
        await using var server = await StartAsync(
            (Limits + "FailedKeysPerMinute", "1"), (Limits + "FailedKeyBurst", "1"),
            ("VideoUnderstanding:Proxy:TrustedNetworks:0", "127.0.0.0/8"), ("VideoUnderstanding:Proxy:TrustedNetworks:1", "10.9.0.0/16"));
        await GetEnginesAsync(server, "tlk_1", "203.0.113.1").ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid");
        await GetEnginesAsync(server, "tlk_2", "203.0.113.1").ErrorAsync(HttpStatusCode.TooManyRequests, "too_many_requests");
        // Addresses that the client itself wrote to the left of its own are ignored. A second trusted proxy is skipped.
        await GetEnginesAsync(server, "tlk_3", "198.51.100.9, 203.0.113.1").ErrorAsync(HttpStatusCode.TooManyRequests, "too_many_requests");
        await GetEnginesAsync(server, "tlk_4", "203.0.113.1, 10.9.0.3").ErrorAsync(HttpStatusCode.TooManyRequests, "too_many_requests");
        await GetEnginesAsync(server, "tlk_5", "203.0.113.2").ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("192.0.2.0/24")]
    public async Task Forwarded_headers_of_other_hosts_are_ignored(string? trusted)
    {
        await using var server = await StartAsync((Limits + "FailedKeysPerMinute", "1"), (Limits + "FailedKeyBurst", "1"),
            ("VideoUnderstanding:Proxy:TrustedNetworks:0", trusted));
        await GetEnginesAsync(server, "tlk_1", "203.0.113.1").ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid");
        await GetEnginesAsync(server, "tlk_2", "203.0.113.2").ErrorAsync(HttpStatusCode.TooManyRequests, "too_many_requests");
    }

    private Task<TestServer> StartAsync(params (string Name, string? Value)[] settings)
        => TestServer.StartAsync(template,
            settings.Where(setting => setting.Value is not null).ToDictionary(setting => setting.Name, setting => setting.Value));

    private static Task<HttpResponseMessage> GetEnginesAsync(TestServer server, string key, string? forwardedFor = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, "/v1.1/engines"));
        request.Headers.Add("x-api-key", key);
        if (forwardedFor is not null)
            request.Headers.Add("X-Forwarded-For", forwardedFor);
        return server.CreateClient(withKey: false).SendAsync(request);
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Server.Health;

namespace VideoUnderstanding.IntegrationTests.Server;

/// <summary>The readiness check of a server whose models were checked.</summary>
public sealed class ReadinessTests(DatabaseTemplate template)
{
    [Theory]
    [InlineData(0L, HttpStatusCode.OK)]
    [InlineData(long.MaxValue, HttpStatusCode.ServiceUnavailable)]
    public async Task A_full_disk_makes_the_server_not_ready(long minFreeBytes, HttpStatusCode expected)
    {
        await using var server = await TestServer.StartAsync(template,
            new Dictionary<string, string?> { ["VideoUnderstanding:MinFreeBytes"] = $"{minFreeBytes}" });
        server.Services.GetRequiredService<Readiness>().ModelsChecked = true;
        using var http = server.CreateClient(withKey: false);

        using var answer = await http.GetAsync("/health/ready", TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.StatusCode);
        var failed = (await answer.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!["checks"]!.AsArray()
            .Where(check => !(bool)check!["ok"]!).ToList();
        Assert.Equal(expected == HttpStatusCode.OK ? [] : ["disk"], failed.Select(check => (string)check!["name"]!));
        Assert.All(failed, check => Assert.Contains("MinFreeBytes", (string)check!["detail"]!, StringComparison.Ordinal));
    }
}

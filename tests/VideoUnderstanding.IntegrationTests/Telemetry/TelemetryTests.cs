using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Inference;
using VideoUnderstanding.IntegrationTests.Indexing;
using VideoUnderstanding.IntegrationTests.Search;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;
using VideoUnderstanding.Server.Telemetry;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Telemetry;

/// <summary>Metrics for Prometheus, and traces, metrics and logs for a collector.</summary>
public sealed partial class TelemetryTests(DatabaseTemplate template)
{
    private const string Prometheus = "VideoUnderstanding:Telemetry:Prometheus";

    [Fact]
    public async Task Every_metric_of_the_dashboard_is_exposed()
    {
        await using var server = await StartAsync(new() { [Prometheus] = "true" });
        await SearchAsync(server);
        await ActivatorUtilities.CreateInstance<QueueSampler>(server.Services).SampleAsync(TestContext.Current.CancellationToken);
        IndexingTelemetry.StageFinished("probe_media", 1.5, 10);
        IndexingTelemetry.AttemptEnded(AttemptOutcome.Ready);
        InferenceTelemetry.Ran("/models/picture/picture.onnx", "CPU", 4, TimeSpan.FromSeconds(1));
        ServerTelemetry.CountAttempt(DeliveryState.Delivered);

        var dashboard = await File.ReadAllTextAsync(
            ProjectFolder.File("deploy/grafana-dashboard.json"), TestContext.Current.CancellationToken);
        var names = JsonNode.Parse(dashboard)!["panels"]!.AsArray()
            .SelectMany(panel => panel!["targets"]!.AsArray()).SelectMany(target => MetricNames().Matches((string)target!["expr"]!))
            .Select(match => match.Value).Distinct().ToList();
        Assert.True(names.Count >= 10, string.Join(", ", names));
        await AssertExposedAsync(server, [.. names.Select(name => $@"(?m)^{name}[{{ ]")]);
    }

    [Fact]
    public async Task Search_metrics_have_a_label_for_the_options()
    {
        await using var server = await StartAsync(new() { [Prometheus] = "true" });
        await SearchAsync(server);

        await AssertExposedAsync(server,
            """(?m)^vu_search_duration_seconds_count\{.*kind="search".*options="conversation\+visual".*\} [1-9]""",
            """(?m)^http_server_request_duration_seconds_count\{.*http_route="/v1.1/search".*\} [1-9]""");
    }

    [Fact]
    public async Task Without_the_setting_there_are_no_metrics()
    {
        await using var server = await StartAsync([]);
        using var client = server.CreateClient(withKey: false);

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/metrics", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task A_collector_receives_traces_metrics_and_logs_without_the_query()
    {
        await using var collector = await Collector.StartAsync();
        await using (var server = await StartAsync(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        }))
        {
            // These providers are created by a hosted service, which the test server does not run.
            var traces = server.Services.GetRequiredService<TracerProvider>();
            var metrics = server.Services.GetRequiredService<MeterProvider>();
            await SearchAsync(server);
            server.Services.GetRequiredService<ILogger<TelemetryTests>>().LogWarning("A line for the collector");
            Assert.True(traces.ForceFlush() && metrics.ForceFlush());
        }

        Assert.Equal(["/v1/logs", "/v1/metrics", "/v1/traces"], collector.Received.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("vu.search.duration", collector.Received["/v1/metrics"], StringComparison.Ordinal);
        Assert.Contains("/v1.1/search", collector.Received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains("A line for the collector", collector.Received["/v1/logs"], StringComparison.Ordinal);
        Assert.All(collector.Received.Values, body => Assert.DoesNotContain("a secret question", body, StringComparison.Ordinal));
    }

    private Task<TestServer> StartAsync(Dictionary<string, string?> settings)
        => TestServer.StartAsync(template, settings, fakes: services => services.AddSingleton<IQueryVectors, ColourVectors>());

    /// <summary>Polls the metrics, because a request is measured only after its answer was sent.</summary>
    private static async Task AssertExposedAsync(TestServer server, params string[] patterns)
    {
        using var client = server.CreateClient(withKey: false);
        var exposed = "";
        for (var attempt = 0; attempt < 200 && !patterns.All(pattern => Regex.IsMatch(exposed, pattern)); attempt++, await Task.Delay(100))
            exposed = await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.All(patterns, pattern => Assert.Matches(pattern, exposed));
    }

    private static async Task SearchAsync(TestServer server)
    {
        var index = await server.AddIndexAsync();
        await server.AddVideoAsync(index);
        using var client = server.CreateClient();
        using var response = await client.PostAsJsonAsync("/v1.1/search",
            new { index_id = index.Id, query = "a secret question", search_options = new[] { "visual", "conversation" } },
            TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [GeneratedRegex("(vu|http_server|dotnet)_[a-z_]+")]
    private static partial Regex MetricNames();

    /// <summary>An OTLP collector that stores the received data by path.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private FileHost? _host;

        public ConcurrentDictionary<string, string> Received { get; } = [];

        public string Address => $"{_host!.Address}".TrimEnd('/');

        public static async Task<Collector> StartAsync()
        {
            var collector = new Collector();
            collector._host = await FileHost.StartAsync(collector.ReceiveAsync);
            return collector;
        }

        public ValueTask DisposeAsync() => _host!.DisposeAsync();

        private async Task ReceiveAsync(HttpContext context)
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.Latin1);
            var body = await reader.ReadToEndAsync();
            Received.AddOrUpdate(context.Request.Path, body, (_, before) => before + body);
        }
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.IntegrationTests.Indexing;
using VideoUnderstanding.IntegrationTests.Search;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.IntegrationTests.Telemetry;

/// <summary>The JSON log with the settings of docs/observability.md.</summary>
public sealed class JsonLogTests(DatabaseTemplate template)
{
    private const string RequestLogger = "Microsoft.AspNetCore.HttpLogging.HttpLoggingMiddleware";
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    private readonly JsonLines _lines = new();

    [Fact]
    public async Task The_line_of_a_request_has_its_method_path_status_duration_and_ids()
    {
        await using var server = await StartAsync();
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Add("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01");

        await client.GetAsync("/v1.1/indexes?index_name=a-private-name", TestContext.Current.CancellationToken).JsonAsync();

        var line = await _lines.WaitAsync(line => (string?)line["Category"] == RequestLogger);
        Assert.Equal("GET", (string?)line["State"]!["Method"]);
        Assert.Equal("/v1.1/indexes", (string?)line["State"]!["Path"]);
        Assert.Equal("200", $"{line["State"]!["StatusCode"]}");
        Assert.True(double.Parse($"{line["State"]!["Duration"]}", CultureInfo.InvariantCulture) >= 0);
        Assert.Equal(TraceId, Scope(line, "TraceId"));
        Assert.NotEmpty(Scope(line, "RequestId")!);
        AssertNoSecrets(server, "a-private-name");
    }

    [Fact]
    public async Task The_lines_of_a_failed_request_have_the_same_ids()
    {
        await using var server = await StartAsync(services => services.AddSingleton<IQueryVectors>(
            _ => throw new InvalidOperationException("The model is broken.")));
        var index = await server.AddIndexAsync();
        await server.AddVideoAsync(index);
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Add("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01");

        using var response = await client.PostAsJsonAsync("/v1.1/search",
            new { index_id = index.Id, query = "a secret question", search_options = new[] { "visual" } },
            TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        var request = await _lines.WaitAsync(line => (string?)line["Category"] == RequestLogger);
        Assert.Equal("500", $"{request["State"]!["StatusCode"]}");
        var error = await _lines.WaitAsync(line => (string?)line["LogLevel"] == "Error");
        Assert.Contains("The model is broken.", (string?)error["Exception"], StringComparison.Ordinal);
        Assert.Equal(TraceId, Scope(error, "TraceId"));
        Assert.Equal(Scope(request, "RequestId"), Scope(error, "RequestId"));
        AssertNoSecrets(server, "a secret question");
    }

    [Fact]
    public async Task The_lines_of_indexing_have_the_id_of_the_task()
    {
        await using var server = await StartAsync(services =>
        {
            services.RemoveAll<IIndexingStage>();
            services.AddSingleton<IIndexingStage>(new ScriptedStage("probe", validates: true));
            services.AddSingleton<IIndexingStage>(provider => new ScriptedStage("write", (_, _) =>
            {
                provider.GetRequiredService<ILogger<JsonLogTests>>().LogWarning("A line of a stage");
                return Task.CompletedTask;
            }));
        });
        var (_, task) = await server.AddVideoAsync(await server.AddIndexAsync(), state: TaskState.Pending);

        await using (var scope = server.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<IndexingPipeline>().RunAsync(task.Id, TestContext.Current.CancellationToken);

        var ofStage = await _lines.WaitAsync(line => (string?)line["Message"] == "A line of a stage");
        Assert.Equal(task.Id, Scope(ofStage, "TaskId"));
        AssertNoSecrets(server);
    }

    private Task<TestServer> StartAsync(Action<IServiceCollection>? fakes = null) => TestServer.StartAsync(template,
        new Dictionary<string, string?>
        {
            ["Logging:Console:FormatterName"] = "json",
            ["Logging:Console:FormatterOptions:IncludeScopes"] = "true",
            ["VideoUnderstanding:Telemetry:RequestLog"] = "true",
            ["Logging:LogLevel:Default"] = "Information",
        },
        fakes: services =>
        {
            services.AddSingleton<IQueryVectors, ColourVectors>();
            services.AddSingleton<ILoggerProvider>(provider => _lines.Provider(provider));
            fakes?.Invoke(services);
        });

    private void AssertNoSecrets(TestServer server, params string[] others)
        => Assert.All(_lines.Texts, line => Assert.All(others.Append(server.Key),
            secret => Assert.DoesNotContain(secret, line, StringComparison.Ordinal)));

    /// <summary>Returns a value of the line's scopes; null if no scope has it.</summary>
    private static string? Scope(JsonNode line, string name)
        => line["Scopes"]?.AsArray().OfType<JsonObject>().Select(scope => (string?)scope[name]).FirstOrDefault(value => value is not null);

    /// <summary>Stores the lines that the configured formatter of the console writes. The console of a test process also has the lines of
    /// other tests.</summary>
    private sealed class JsonLines
    {
        private readonly ConcurrentQueue<string> _texts = [];

        public IReadOnlyCollection<string> Texts => _texts;

        public ILoggerProvider Provider(IServiceProvider services)
        {
            var name = services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName;
            return new LineProvider(services.GetServices<ConsoleFormatter>().Single(formatter => formatter.Name == name), _texts);
        }

        /// <summary>Waits for a line, because a request is logged only after its answer was sent.</summary>
        /// <exception cref="System.Text.Json.JsonException">A line is not JSON.</exception>
        public async Task<JsonNode> WaitAsync(Func<JsonNode, bool> isWanted)
        {
            for (var attempt = 0; attempt < 200; attempt++, await Task.Delay(50))
                if (_texts.Select(text => JsonNode.Parse(text)!.AsObject()).FirstOrDefault(line => isWanted(line)) is { } found)
                    return found;
            throw new TimeoutException($"The line is missing in: {string.Join('\n', _texts)}");
        }
    }

    private sealed class LineProvider(ConsoleFormatter formatter, ConcurrentQueue<string> texts) : ILoggerProvider, ISupportExternalScope
    {
        private IExternalScopeProvider? _scopes;

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public ILogger CreateLogger(string categoryName) => new LineLogger(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class LineLogger(LineProvider provider, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                using var writer = new StringWriter();
                provider.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), writer);
            }
        }

        private void Write<TState>(LogEntry<TState> entry, StringWriter writer)
        {
            formatter.Write(entry, _scopes, writer);
            foreach (var line in writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
                texts.Enqueue(line);
        }
    }
}

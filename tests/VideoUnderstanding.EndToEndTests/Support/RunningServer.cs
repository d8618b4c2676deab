using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Server.Cli;
using VideoUnderstanding.Server.Health;

namespace VideoUnderstanding.EndToEndTests.Support;

/// <summary>The real server in this process, started like <c>vu serve</c>, with a free port of the loopback address, its own data folder
/// and one API key.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;
    private HttpClient? _http;

    private RunningServer()
    {
    }

    public string DataFolder { get; } = Directory.CreateTempSubdirectory("vu-data-").FullName;

    public ApiClient Api { get; private set; } = null!;

    /// <summary>Ends with a slash.</summary>
    public Uri Address => _http!.BaseAddress!;

    public string Key { get; private set; } = "";

    public IServiceProvider Services { get; private set; } = null!;

    /// <param name="connectionString">Empty for the embedded database.</param>
    /// <param name="settings">In the form of the command line: <c>VideoUnderstanding:Name=value</c>.</param>
    public static async Task<RunningServer> StartAsync(string connectionString, IEnumerable<string> settings)
    {
        var server = new RunningServer();
        string[] own =
        [
            "urls=http://127.0.0.1:0", $"ConnectionStrings:Database={connectionString}",
            $"VideoUnderstanding:DataFolder={server.DataFolder}",
            "VideoUnderstanding:Fetching:AllowPrivateNetworks=true", "VideoUnderstanding:Models:Device=cpu",
            // A stalled attempt is logged with its stage and repeated before the timeout of the test.
            "VideoUnderstanding:Indexing:StallMinutes=5",
            "Logging:LogLevel:Default=Warning",
        ];
        var builder = ServeCommand.CreateBuilder([.. own.Concat(settings).Select(setting => "--" + setting)]);
        var started = new TaskCompletionSource<WebApplication>(TaskCreationOptions.RunContinuationsAsynchronously);
        server._run = ServeCommand.RunAsync(builder, app =>
        {
            started.SetResult(app);
            return Task.CompletedTask;
        }, server._stop.Token);
        // If the server does not start, its run ends first and throws an exception with the reason.
        await (await Task.WhenAny(started.Task, server._run)).ConfigureAwait(false);
        var app = await started.Task;
        server.Services = app.Services;
        // The server refuses searches until it has checked the models.
        while (!app.Services.GetRequiredService<Readiness>().ModelsChecked && !server._run.IsCompleted)
            await Task.Delay(50);
        server._http = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromMinutes(5) };
        await using var scope = app.Services.CreateAsyncScope();
        var (_, secret) = await scope.ServiceProvider.GetRequiredService<ApiKeyStore>().CreateAsync("end to end", CancellationToken.None);
        server.Key = secret;
        server._http.DefaultRequestHeaders.Add("x-api-key", secret);
        server.Api = new ApiClient(server._http, server.DescribeAsync);
        return server;
    }

    /// <summary>Returns the row of a task, the nodes, the queued jobs, and sessions with old transactions.</summary>
    private async Task<string> DescribeAsync(string taskId)
    {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
        var lines = await db.Database.SqlQuery<string>($"""
            SELECT 'task: ' || to_jsonb(task)::text AS "Value" FROM indexing_tasks AS task WHERE id = {taskId}
            UNION ALL SELECT 'node: ' || to_jsonb(node)::text FROM nodes AS node
            UNION ALL SELECT 'job: ' || to_jsonb(job)::text FROM hangfire.jobqueue AS job
            UNION ALL SELECT 'session: ' || to_jsonb(session)::text FROM (
                SELECT pid, state, wait_event_type, wait_event, now() - xact_start AS age, left(query, 200) AS query
                FROM pg_stat_activity WHERE datname = current_database() AND xact_start < now() - interval '10 seconds') AS session
            """).ToListAsync();
        return $"now: {TimeProvider.System.GetUtcNow():O}\n{string.Join('\n', lines)}";
    }

    /// <summary>Sends a request with this key. Returns the status of the answer.</summary>
    public async Task<HttpStatusCode> UseKeyAsync(string key)
    {
        using var http = new HttpClient { BaseAddress = Address };
        http.DefaultRequestHeaders.Add("x-api-key", key);
        using var answer = await http.GetAsync("/v1.1/engines", TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _http?.Dispose();
        _stop.Dispose();
        Directory.Delete(DataFolder, recursive: true);
    }
}

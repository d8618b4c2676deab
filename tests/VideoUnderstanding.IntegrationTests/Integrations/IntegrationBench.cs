using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Server.Integrations;

namespace VideoUnderstanding.IntegrationTests.Integrations;

/// <summary>A server without models. The tests run the jobs of integrations and tasks themselves. Its index has no options and only
/// writes thumbnails.</summary>
internal sealed class IntegrationBench : IAsyncDisposable
{
    public const string Root = "/app/integrations";

    private IntegrationBench(TestServer server) => (Server, Client) = (server, server.CreateClient());

    public TestServer Server { get; }
    public HttpClient Client { get; private set; }
    public VideoIndex Index { get; private set; } = null!;

    public static async Task<IntegrationBench> StartAsync(DatabaseTemplate template, params (string Name, string Value)[] settings)
    {
        var bench = new IntegrationBench(await TestServer.StartAsync(template,
            settings.ToDictionary(setting => $"VideoUnderstanding:{setting.Name}", setting => (string?)setting.Value)));
        bench.Index = await bench.Server.AddIndexAsync(options: [], addons: ["thumbnail"]);
        return bench;
    }

    public async Task<JsonElement> AddAsync(object request)
        => await Client.PostAsJsonAsync(Root, request).JsonAsync(HttpStatusCode.Created);

    public Task<JsonElement> ShowAsync(string id) => Client.GetAsync($"{Root}/{id}").JsonAsync();

    /// <summary>Starts a transfer into the index.</summary>
    /// <returns>The number of created tasks and the number of remaining files.</returns>
    public async Task<(int Started, int Left)> TransferAsync(string id, bool again = false)
    {
        var answer = await Client.PostAsJsonAsync($"{Root}/{id}/transfer", new { index_id = Index.Id, again }).JsonAsync();
        return (answer.GetProperty("started").GetInt32(), answer.GetProperty("left").GetInt32());
    }

    /// <summary>Runs the background job that scans the integration.</summary>
    public async Task ListFilesAsync(string id)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<SynchroniseIntegrationJob>(scope.ServiceProvider).RunAsync(id, CancellationToken.None);
    }

    /// <summary>Runs all tasks that are not finished.</summary>
    public async Task RunTasksAsync()
    {
        foreach (var task in await TasksAsync())
        {
            await using var scope = Server.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<IndexingPipeline>().RunAsync(task.Id(), CancellationToken.None);
        }
    }

    public async Task<JsonElement[]> TasksAsync() => (await Client.GetAsync("/v1.1/tasks?page_limit=50").JsonAsync()).Data();

    public async Task<string[]> TaskNamesAsync()
        => [.. (await TasksAsync()).Select(task => task.GetProperty("metadata").GetProperty("filename").GetString()!).Order()];

    /// <summary>Numbers of files in the order <c>total new waiting indexed failed removed</c>.</summary>
    public async Task<string> CountsAsync(string id)
    {
        var files = (await ShowAsync(id)).GetProperty("files");
        return string.Join(' ', new[] { "total", "new", "waiting", "indexed", "failed", "removed" }
            .Select(name => files.GetProperty(name).GetInt32()));
    }

    public async Task<JsonElement[]> FilesAsync(string id, string state = "")
        => (await Client.GetAsync($"{Root}/{id}/files?state={state}").JsonAsync()).Data();

    /// <summary>Sets the server's clock to real time plus one hour, because files and stores use the real clock.</summary>
    public async Task UseRealTimeAsync()
    {
        Server.Clock.SetUtcNow(TimeProvider.System.GetUtcNow().AddHours(1));
        Client.DefaultRequestHeaders.Remove("x-api-key");
        // Keys that were created before have expired.
        Client.DefaultRequestHeaders.Add("x-api-key", await Server.CreateKeyAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }
}

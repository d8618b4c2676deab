using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Server.Webhooks;

namespace VideoUnderstanding.IntegrationTests.Webhooks;

/// <summary>A server, a webhook receiver and a clock that the test controls.</summary>
internal sealed class WebhookBench : IAsyncDisposable
{
    private WebhookBench(TestServer server, WebhookReceiver receiver)
        => (Server, Receiver, Client) = (server, receiver, server.CreateClient());

    public TestServer Server { get; }
    public WebhookReceiver Receiver { get; }
    public HttpClient Client { get; }

    public static async Task<WebhookBench> StartAsync(DatabaseTemplate template, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["VideoUnderstanding:Webhooks:AllowHttp"] = "true",
            ["VideoUnderstanding:Fetching:AllowPrivateNetworks"] = "true",
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        return new WebhookBench(await TestServer.StartAsync(template, all), await WebhookReceiver.StartAsync());
    }

    public async Task<(string Id, string Secret)> AddAsync(string? url = null, string[]? events = null)
    {
        var answer = await Client.PostAsJsonAsync("/admin/webhooks", new { url = url ?? Receiver.Url, events })
            .JsonAsync(HttpStatusCode.Created);
        return (answer.Id(), answer.GetProperty("secret").GetString()!);
    }

    public Task<JsonElement> ChangeAsync(string id, object change) => Client.PutAsJsonAsync($"/admin/webhooks/{id}", change).JsonAsync();

    public async Task<JsonElement[]> AttemptsAsync(string id)
        => (await Client.GetAsync($"/admin/webhooks/{id}/attempts").JsonAsync()).Data();

    public async Task<JsonElement[]> EventsAsync() => (await Client.GetAsync("/admin/webhooks/events").JsonAsync()).Data();

    /// <summary>Adds a task with an attempt, as <see cref="TaskJournal"/> expects it.</summary>
    public async Task<IndexingRun> BeginAsync(double? duration = 60.5, string? accountId = null)
    {
        var index = await Server.AddIndexAsync(accountId: accountId);
        var (_, task) = await Server.AddVideoAsync(index, TaskState.Indexing, duration);
        const long Token = 1;
        await using var db = Server.Database.Open();
        await db.Tasks.Where(row => row.Id == task.Id).ExecuteUpdateAsync(row => row.SetProperty(column => column.AttemptToken, Token));
        return new IndexingRun(task, index, Token);
    }

    public TaskJournal Journal => Server.Services.GetRequiredService<TaskJournal>();

    /// <summary>Adds a task and completes it.</summary>
    /// <returns>The identifier of the task.</returns>
    public async Task<string> FinishTaskAsync()
    {
        var run = await BeginAsync();
        await Journal.FinishAsync(run, CancellationToken.None);
        return run.Task.Id;
    }

    public async Task<IReadOnlyList<string>> DueAsync()
    {
        await using var scope = Server.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<DueDeliveries>().FindAsync(CancellationToken.None);
    }

    /// <summary>Runs the jobs of all due deliveries.</summary>
    public async Task DeliverAsync()
    {
        foreach (var id in await DueAsync())
            await DeliverAsync(id);
    }

    public async Task DeliverAsync(string deliveryId)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<DeliverWebhookJob>(scope.ServiceProvider).RunAsync(deliveryId, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        await Receiver.DisposeAsync();
    }
}

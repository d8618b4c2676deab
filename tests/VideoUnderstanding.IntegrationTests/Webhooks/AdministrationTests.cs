using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Server.Webhooks;

namespace VideoUnderstanding.IntegrationTests.Webhooks;

/// <summary>The administration API for webhooks.</summary>
public sealed class AdministrationTests(DatabaseTemplate template) : IAsyncLifetime
{
    private WebhookBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await WebhookBench.StartAsync(template,
        ("VideoUnderstanding:Webhooks:MaxEndpoints", "3"), ("VideoUnderstanding:Webhooks:KeepAttempts", "2"));

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task An_endpoint_is_added_read_changed_and_removed()
    {
        var created = await _bench.Client.PostAsJsonAsync("/admin/webhooks", new { url = "https://hooks.example.org/a" })
            .JsonAsync(HttpStatusCode.Created);
        Assert.Equal(["_id", "secret"], created.Names());
        var path = $"/admin/webhooks/{created.Id()}";

        var read = await _bench.Client.GetAsync(path).JsonAsync();
        Assert.Equal(["_id", "url", "events", "enabled", "created_at", "updated_at"], read.Names());
        Assert.Equal(("https://hooks.example.org/a", true),
            (read.GetProperty("url").GetString(), read.GetProperty("enabled").GetBoolean()));
        Assert.Equal("""["index.task.ready","index.task.failed"]""", read.GetProperty("events").GetRawText());

        var changed = await _bench.ChangeAsync(created.Id(), new { events = new[] { "index.task.failed" }, enabled = false });
        Assert.Equal("""["index.task.failed"]""", changed.GetProperty("events").GetRawText());
        Assert.Equal(("https://hooks.example.org/a", false),
            (changed.GetProperty("url").GetString(), changed.GetProperty("enabled").GetBoolean()));
        Assert.Equal(changed.GetRawText(),
            Assert.Single((await _bench.Client.GetAsync("/admin/webhooks/").JsonAsync()).Data()).GetRawText());

        await _bench.Client.DeleteAsync(path).EmptyAsync(HttpStatusCode.NoContent);
        await _bench.Client.GetAsync(path).ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await _bench.Client.DeleteAsync(path).ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
    }

    [Fact]
    public async Task An_empty_change_and_an_invalid_address_are_refused()
    {
        var (id, _) = await _bench.AddAsync();
        await _bench.Client.PutAsJsonAsync($"/admin/webhooks/{id}", new { })
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_not_provided");
        await _bench.Client.PutAsJsonAsync($"/admin/webhooks/{id}", new { url = "nowhere" })
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
    }

    [Fact]
    public async Task The_number_of_endpoints_of_an_account_is_limited()
    {
        for (var number = 0; number < 3; number++)
            await _bench.AddAsync();
        await _bench.Client.PostAsJsonAsync("/admin/webhooks", new { url = _bench.Receiver.Url })
            .ErrorAsync(HttpStatusCode.BadRequest, "usage_limit_exceeded");
    }

    [Fact]
    public async Task Resources_of_another_account_are_not_found()
    {
        await _bench.AddAsync();
        var other = await _bench.Server.AddAccountAsync();
        var now = _bench.Server.Clock.GetUtcNow();
        var foreign = new WebhookEndpoint
        {
            Id = ObjectIds.New(_bench.Server.Clock), AccountId = other, Url = $"{_bench.Receiver.Url}/foreign", Secret = "theirs",
            Events = [.. WebhookEventTypes.All], Enabled = true,
            CreatedAt = now, UpdatedAt = now,
        };
        await _bench.Server.SaveAsync(foreign);
        var run = await _bench.BeginAsync(accountId: other);
        await _bench.Journal.FinishAsync(run, CancellationToken.None);
        await _bench.DeliverAsync();
        Assert.Equal("/hook/foreign", Assert.Single(_bench.Receiver.Received).Path);
        Assert.True(_bench.Receiver.Received[0].IsSignedWith("theirs"));

        Assert.Empty(await _bench.EventsAsync());
        Assert.Single((await _bench.Client.GetAsync("/admin/webhooks").JsonAsync()).Data());
        var happened = _bench.Receiver.Received[0].Json.GetProperty("id").GetString();
        (string Method, string Path)[] closed =
        [
            ("GET", foreign.Id), ("PUT", foreign.Id), ("DELETE", foreign.Id), ("GET", $"{foreign.Id}/secret"),
            ("POST", $"{foreign.Id}/rotate"), ("POST", $"{foreign.Id}/test"), ("GET", $"{foreign.Id}/attempts"),
            ("GET", $"events/{happened}"), ("POST", $"events/{happened}/replay"),
        ];
        foreach (var (method, path) in closed)
        {
            var body = method == "PUT" ? """{"enabled":false}""" : "{}";
            await _bench.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/admin/webhooks/{path}")
            {
                Content = new StringContent(body),
            })
                .ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        }
    }

    [Fact]
    public async Task Events_and_deliveries_are_listed_in_pages_newest_first()
    {
        var (id, _) = await _bench.AddAsync();
        var tasks = new List<string>();
        for (var number = 0; number < 3; number++)
        {
            tasks.Add(await _bench.FinishTaskAsync());
            await _bench.DeliverAsync();
        }

        var page = await _bench.Client.GetAsync("/admin/webhooks/events?page_limit=2").JsonAsync();
        Assert.Equal([tasks[2], tasks[1]], page.Data().Select(happened => happened.GetProperty("task_id").GetString()));
        Assert.Equal((2, 3),
            (page.GetProperty("page_info").GetProperty("total_page").GetInt32(),
                page.GetProperty("page_info").GetProperty("total_results").GetInt32()));
        Assert.Equal(["_id", "type", "task_id", "created_at", "body", "deliveries"], page.Data()[0].Names());
        var one = await _bench.Client.GetAsync($"/admin/webhooks/events?task_id={tasks[0]}").JsonAsync();
        var oldest = Assert.Single(one.Data()).Id();
        Assert.Equal(oldest, (await _bench.Client.GetAsync($"/admin/webhooks/events/{oldest}").JsonAsync()).Id());
        Assert.Single((await _bench.Client.GetAsync($"/admin/webhooks/{id}/attempts?event_id={oldest}").JsonAsync()).Data());
        Assert.Equal(page.Data()[0].Id(), (await _bench.AttemptsAsync(id))[0].GetProperty("event_id").GetString());
    }

    [Fact]
    public async Task The_cleanup_limits_the_log_and_the_events_and_keeps_waiting_ones()
    {
        var (id, _) = await _bench.AddAsync();
        for (var number = 0; number < 3; number++)
            await _bench.FinishTaskAsync();
        await _bench.DeliverAsync();
        var waiting = await _bench.FinishTaskAsync();
        Assert.Equal(3, (await _bench.AttemptsAsync(id)).Length);
        var newest = (await _bench.AttemptsAsync(id))[0].Id();

        await CleanUpAsync();
        Assert.Equal(2, (await _bench.AttemptsAsync(id)).Length);
        Assert.Equal(newest, (await _bench.AttemptsAsync(id))[0].Id());
        Assert.Equal(4, (await _bench.EventsAsync()).Length);

        _bench.Server.Clock.Advance(TimeSpan.FromDays(31));
        await CleanUpAsync();
        Assert.Equal(waiting, Assert.Single(await _bench.EventsAsync()).GetProperty("task_id").GetString());
    }

    private async Task CleanUpAsync()
    {
        await using var scope = _bench.Server.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<WebhookCleanup>().CleanUpAsync(CancellationToken.None);
    }
}

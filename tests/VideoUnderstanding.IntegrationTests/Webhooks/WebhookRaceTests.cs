using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Webhooks;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Server.Webhooks;

namespace VideoUnderstanding.IntegrationTests.Webhooks;

/// <summary>Concurrent requests for one endpoint, or for the endpoints of one account.</summary>
public sealed class WebhookRaceTests(DatabaseTemplate template) : IAsyncLifetime
{
    private WebhookBench _bench = null!;

    public async ValueTask InitializeAsync()
        => _bench = await WebhookBench.StartAsync(template, ("VideoUnderstanding:Webhooks:MaxEndpoints", "3"));

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("PUT", "")]
    [InlineData("POST", "/rotate")]
    public async Task A_change_of_an_endpoint_during_its_removal_returns_not_found(
        string method, string action)
    {
        var (id, _) = await _bench.AddAsync();
        Task<HttpResponseMessage> change;
        await using (var db = _bench.Server.Database.Open())
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            // The deletion is not committed yet. The requests find the row and wait for its lock.
            await db.WebhookEndpoints.Where(endpoint => endpoint.Id == id).ExecuteDeleteAsync();
            change = _bench.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/admin/webhooks/{id}{action}")
            {
                Content = new StringContent("""{"enabled":false}""", Encoding.UTF8),
            });
            await _bench.Server.Database.UntilWaitingAsync();
            await transaction.CommitAsync();
        }
        Assert.Contains("webhooks", await change.ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Concurrent_changes_of_different_members_are_both_kept()
    {
        var (id, _) = await _bench.AddAsync();
        await using var scope = _bench.Server.Services.CreateAsyncScope();
        var registry = scope.ServiceProvider.GetRequiredService<WebhookRegistry>();
        var before = (await registry.FindAsync(_bench.Server.AccountId, id, CancellationToken.None))!;

        await _bench.ChangeAsync(id, new { enabled = false });
        var after = await registry.ChangeAsync(before, null, ["index.task.failed"], null, CancellationToken.None);

        Assert.Equal((before.Url, false), (after!.Url, after.Enabled));
        Assert.Equal(["index.task.failed"], after.Events);
        Assert.True(after.UpdatedAt > before.UpdatedAt);
    }

    [Fact]
    public async Task Concurrent_additions_do_not_exceed_the_limit_of_endpoints()
    {
        Task<HttpResponseMessage>[] added;
        await using (var db = _bench.Server.Database.Open())
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            // The lock lets all requests count the rows and blocks all inserts, until all requests wait.
            await db.Database.ExecuteSqlAsync($"LOCK TABLE webhook_endpoints IN SHARE MODE");
            added = [.. Enumerable.Range(0, 6)
                .Select(_ => _bench.Client.PostAsJsonAsync("/admin/webhooks", new { url = _bench.Receiver.Url }))];
            await _bench.Server.Database.UntilWaitingAsync(6);
            await transaction.CommitAsync();
        }
        var statuses = (await Task.WhenAll(added)).Select(answer => answer.StatusCode).ToList();
        Assert.Equal((3, 3),
            (statuses.Count(status => status == HttpStatusCode.Created), statuses.Count(status => status == HttpStatusCode.BadRequest)));
        Assert.Equal(3, (await _bench.Client.GetAsync("/admin/webhooks").JsonAsync()).Data().Length);
    }
}

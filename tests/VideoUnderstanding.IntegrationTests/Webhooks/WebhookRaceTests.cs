using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Webhooks;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Server.Webhooks;

namespace VideoUnderstanding.IntegrationTests.Webhooks;

/// <summary>Requests about one endpoint, or one account's endpoints, at the same moment.</summary>
public sealed class WebhookRaceTests(DatabaseTemplate template) : IAsyncLifetime
{
    private WebhookBench _bench = null!;

    public async ValueTask InitializeAsync()
        => _bench = await WebhookBench.StartAsync(template, ("VideoUnderstanding:Webhooks:MaxEndpoints", "3"));

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("PUT", "")]
    [InlineData("POST", "/rotate")]
    public async Task A_change_of_an_endpoint_that_is_being_removed_is_answered_as_one_of_an_endpoint_that_is_gone(
        string method, string action)
    {
        var (id, _) = await _bench.AddAsync();
        Task<HttpResponseMessage> change;
        await using (var db = _bench.Server.Database.Open())
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            // Removed, but not for the others yet: they find the row, and then wait to change it.
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
    public async Task Two_changes_of_different_members_are_both_kept()
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
    public async Task Endpoints_added_at_the_same_moment_are_no_more_than_allowed()
    {
        Task<HttpResponseMessage>[] added;
        await using (var db = _bench.Server.Database.Open())
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            // All can count, and none can add, until all have come.
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

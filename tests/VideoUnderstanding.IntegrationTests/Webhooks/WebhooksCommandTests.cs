using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Server;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.IntegrationTests.Webhooks;

/// <summary>The command line verbs for webhooks, next to a running server.</summary>
[Collection(nameof(RunningVu))]
public sealed class WebhooksCommandTests(RunningVu running)
{
    [Fact]
    public async Task Webhooks_are_managed_and_events_replayed_by_the_command_line()
    {
        var folder = running.Folder;
        await using var receiver = await WebhookReceiver.StartAsync();
        var added = await VuProcess.RunAsync(folder, "webhooks", "add", receiver.Url, "--event", "index.task.ready");
        var (id, secret) = (Value(added, "Id"), Value(added, "Secret"));
        Assert.Contains($"{id}  enabled   index.task.ready ", await VuProcess.RunAsync(folder, "webhooks", "list"),
            StringComparison.Ordinal);
        Assert.Contains("Disabled", await VuProcess.RunAsync(folder, "webhooks", "disable", id), StringComparison.Ordinal);
        var eventId = await AddEventAsync(folder);
        var refusal = await Assert.ThrowsAsync<ToolException>(
            () => VuProcess.RunAsync(folder, "webhooks", "replay", eventId, "--webhook", id));
        Assert.Contains("disabled", refusal.ErrorTail, StringComparison.Ordinal);
        await VuProcess.RunAsync(folder, "webhooks", "enable", id);
        var rotated = await VuProcess.RunAsync(folder, "webhooks", "rotate", id);
        Assert.Contains("old secret is invalid", rotated, StringComparison.Ordinal);
        Assert.NotEqual(secret, Value(rotated, "Secret"));

        // The running server sends both notifications.
        await VuProcess.RunAsync(folder, "webhooks", "replay", eventId);
        var testId = Value(await VuProcess.RunAsync(folder, "webhooks", "test", id), "Event");
        var received = await receiver.WaitAsync(2);
        Assert.All(received, one => Assert.True(one.IsSignedWith(Value(rotated, "Secret"))));
        Assert.Equal(["webhook.test"], received.Select(one => one.Json).Where(json => json.TryGetProperty("id", out var number)
            && number.GetString() == testId).Select(json => json.GetProperty("type").GetString()));
        Assert.Contains("{}", received.Select(one => Encoding.UTF8.GetString(one.Body)));
        var log = "";
        bool Logs(string id) => log.Contains(id, StringComparison.Ordinal);
        for (var attempt = 0; attempt < 10 && !(Logs(eventId) && Logs(testId)); attempt++)
            log = await VuProcess.RunAsync(folder, "webhooks", "log", id);
        Assert.Matches($@"{id}  {eventId}  200 +\d+\.\d{{3}}  delivered", log);
        Assert.Matches($@"{id}  {testId} +200 +\d+\.\d{{3}}  delivered", log);

        Assert.Contains("Removed", await VuProcess.RunAsync(folder, "webhooks", "remove", id), StringComparison.Ordinal);
        Assert.DoesNotContain(id, await VuProcess.RunAsync(folder, "webhooks", "list"), StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<ToolException>(() => VuProcess.RunAsync(folder, "webhooks", "rotate", id));
        Assert.Contains("There is no webhook", unknown.ErrorTail, StringComparison.Ordinal);
    }

    private static string Value(string printed, string name)
        => Regex.Match(printed, $@"^{name}: +(\S+)$", RegexOptions.Multiline).Groups[1].Value;

    private static async Task<string> AddEventAsync(DataFolder folder)
    {
        var cluster = new ClusterFolder(folder.Path);
        var options = new DbContextOptionsBuilder<VideoDbContext>();
        options.UseVideoDatabase(cluster.ConnectionString(cluster.Running()!) + ";Pooling=false");
        await using var db = new VideoDbContext(options.Options);
        var account = await db.Accounts.SingleAsync(row => row.Name == DefaultAccount.Name);
        var happened = new WebhookEvent
        {
            Id = $"whe_{Guid.NewGuid():N}", AccountId = account.Id, Type = WebhookEventTypes.TaskReady,
            TaskId = ObjectIds.New(TimeProvider.System), Body = "{}"u8.ToArray(),
            CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        db.WebhookEvents.Add(happened);
        await db.SaveChangesAsync();
        return happened.Id;
    }
}

using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search.ResultPages;

namespace VideoUnderstanding.IntegrationTests.Guard;

/// <summary>One row of each kind that has an identifier, in another account, and identifiers of the same formats that do not
/// exist.</summary>
internal sealed record ForeignRows(
    string AccountId, IReadOnlyDictionary<string, string> Ids, IReadOnlyDictionary<string, string> UnknownIds)
{
    public const string Index = "indexId";
    public const string Video = "videoId";
    public const string Task = "taskId";
    public const string Webhook = "webhookId";
    public const string Event = "eventId";
    public const string Logo = "logoId";
    public const string Integration = "integrationId";
    public const string Page = "pageToken";

    public static async Task<ForeignRows> AddAsync(TestServer server)
    {
        var account = await server.AddAccountAsync();
        var index = await server.AddIndexAsync("theirs", addons: ["thumbnail"], accountId: account);
        // A ready and a failed task: operations have different requirements.
        var (video, _) = await server.AddVideoAsync(index);
        var (_, failed) = await server.AddVideoAsync(index, TaskState.Failed);
        var now = server.Clock.GetUtcNow();
        var webhook = new WebhookEndpoint
        {
            Id = ObjectIds.New(server.Clock), AccountId = account, Url = "https://hooks.example.org/theirs", Secret = "theirs",
            Events = [.. WebhookEventTypes.All], Enabled = true, CreatedAt = now, UpdatedAt = now,
        };
        var happened = new WebhookEvent
        {
            Id = NewEvent(), AccountId = account, Type = WebhookEventTypes.TaskReady, TaskId = failed.Id, Body = "{}"u8.ToArray(),
            CreatedAt = now,
        };
        var set = new ResultSet
        {
            Id = Guid.NewGuid(), AccountId = account, IndexId = index.Id, Kind = "search", PageLimit = 1, Total = 1, Payload = "{}",
            CreatedAt = now, ExpiresAt = now.AddHours(1),
        };
        var logo = new Data.Entities.Logo
        {
            Id = ObjectIds.New(server.Clock), AccountId = account, Name = "Theirs", Picture = [1], MediaType = "image/png",
            CreatedAt = now,
        };
        var integration = new Data.Entities.Integration
        {
            Id = ObjectIds.New(server.Clock), AccountId = account, Kind = IntegrationKind.Bucket, Name = "theirs", Bucket = "theirs",
            Region = "eu-central-1", CreatedAt = now, UpdatedAt = now,
        };
        await server.SaveAsync(webhook, happened, set, logo, integration);
        string New() => ObjectIds.New(server.Clock);
        return new ForeignRows(account,
            Table(index.Id, video.Id, failed.Id, webhook.Id, happened.Id, logo.Id, integration.Id, set.Id),
            Table(New(), New(), New(), New(), NewEvent(), New(), New(), Guid.NewGuid()));
    }

    private static string NewEvent() => $"whe_{Guid.NewGuid():N}";

    private static Dictionary<string, string> Table(
        string index, string video, string task, string webhook, string happened, string logo, string integration, Guid set) => new()
        {
            [Index] = index, [Video] = video, [Task] = task, [Webhook] = webhook, [Event] = happened, [Logo] = logo,
            [Integration] = integration, [Page] = new PageToken(set, 1).ToString(),
        };
}

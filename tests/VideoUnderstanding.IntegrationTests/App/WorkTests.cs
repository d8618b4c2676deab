using System.Net;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Webhooks;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.App;

/// <summary>Requests of the web app for the buttons "Try again" and "Send a test", and for the shot marks of the seek bar.</summary>
public sealed class WorkTests(AppServer server) : IClassFixture<AppServer>
{
    [Fact]
    public async Task A_webhook_is_tested_only_by_its_own_account_and_within_an_hourly_limit()
    {
        using var ours = await server.SignedInAsync(account: "hooks");
        using var theirs = await server.SignedInAsync(account: "others");
        // The host name cannot be resolved, so nothing is sent.
        var webhook = (await ours.SendAsync(HttpMethod.Post, "/admin/webhooks", new { url = "https://hooks.invalid/" })
            .JsonAsync(HttpStatusCode.Created)).Id();
        var path = $"/admin/webhooks/{webhook}/test";

        var created = await ours.SendAsync(HttpMethod.Post, path).JsonAsync(HttpStatusCode.Accepted);
        Assert.StartsWith("whe_", created.GetProperty("event_id").GetString(), StringComparison.Ordinal);
        await theirs.SendAsync(HttpMethod.Post, path).ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await ours.SendAsync(HttpMethod.Post, path, token: null, body: null)
            .ErrorAsync(HttpStatusCode.Forbidden, "session_token_invalid");

        await AddTestsAsync(webhook, WebhookRegistry.MaxTestsPerHour);
        await ours.SendAsync(HttpMethod.Post, path).ErrorAsync(HttpStatusCode.BadRequest, "usage_limit_exceeded");

        using var disabled = await ours.SendAsync(HttpMethod.Put, $"/admin/webhooks/{webhook}", new { enabled = false });
        var message = await ours.SendAsync(HttpMethod.Post, path).ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        Assert.Contains("disabled", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_of_a_video_and_its_shots_are_returned_to_its_own_account_only()
    {
        using var ours = await server.SignedInAsync(account: "films");
        using var theirs = await server.SignedInAsync(account: "others");
        var (fetched, uploaded) = await AddTasksAsync(ours.User);

        var source = await ours.Http.GetAsync($"/app/tasks/{fetched.Id}/source").JsonAsync();
        Assert.Equal("https://films.example.org/a.mp4", source.GetProperty("video_url").GetString());
        Assert.Empty((await ours.Http.GetAsync($"/app/tasks/{uploaded.Id}/source").JsonAsync()).Names());
        await theirs.Http.GetAsync($"/app/tasks/{fetched.Id}/source").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");

        Assert.Empty((await ours.Http.GetAsync($"/app/videos/{fetched.VideoId}/shots").JsonAsync()).Data());
        await theirs.Http.GetAsync($"/app/videos/{fetched.VideoId}/shots").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await ours.Http.GetAsync("/app/videos/x/shots").ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
    }

    private async Task AddTestsAsync(string webhook, int count)
    {
        await using var db = server.Database.Open();
        var account = await db.WebhookEndpoints.Where(row => row.Id == webhook).Select(row => row.AccountId).SingleAsync();
        db.WebhookEvents.AddRange(Enumerable.Range(0, count).Select(_ => new WebhookEvent
        {
            Id = $"whe_{Guid.NewGuid():N}", AccountId = account, Type = WebhookEventTypes.Test, TaskId = webhook, Body = "{}"u8.ToArray(),
            CreatedAt = server.Clock.GetUtcNow(),
        }));
        await db.SaveChangesAsync();
    }

    /// <summary>Adds two failed tasks: one of a video that was given by address, and one of an uploaded file.</summary>
    private async Task<(IndexingTask Fetched, IndexingTask Uploaded)> AddTasksAsync(string user)
    {
        await using var db = server.Database.Open();
        var account = await db.Users.Where(row => row.Name == user).Select(row => row.AccountId).SingleAsync();
        var now = server.Clock.GetUtcNow();
        var index = new VideoIndex
        {
            Id = ObjectIds.New(server.Clock), AccountId = account, Name = "films", EngineId = "marengo2", Options = [IndexOptions.Visual],
            Addons = [], CreatedAt = now, UpdatedAt = now,
        };
        var video = new Video
        {
            Id = ObjectIds.New(server.Clock), AccountId = account, IndexId = index.Id, Filename = "a.mp4", CreatedAt = now, UpdatedAt = now,
        };
        IndexingTask With(string? address) => new()
        {
            Id = ObjectIds.New(server.Clock), AccountId = account, IndexId = index.Id, VideoId = video.Id, State = TaskState.Failed,
            Language = "en", Filename = "a.mp4", VideoUrl = address, CreatedAt = now, UpdatedAt = now,
        };
        var (fetched, uploaded) = (With("https://films.example.org/a.mp4"), With(null));
        db.AddRange(index, video, fetched, uploaded);
        await db.SaveChangesAsync();
        return (fetched, uploaded);
    }
}

using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Api;

/// <summary>Deletions that take longer than the timeout of the client. A locked row simulates the deletion of millions of rows.</summary>
public sealed class RemovalTests(DatabaseTemplate template) : IAsyncLifetime
{
    private TestServer _server = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(template, new Dictionary<string, string?>());
        _client = _server.CreateClient();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("index")]
    [InlineData("video")]
    [InlineData("task")]
    public async Task A_deletion_continues_when_the_client_disconnects(string what)
    {
        var index = await _server.AddIndexAsync();
        var (video, task) = await _server.AddVideoAsync(index, what == "task" ? TaskState.Failed : TaskState.Ready);
        await File.WriteAllTextAsync(_server.Files.VideoPath(video.Id), "bytes");
        var path = what switch
        {
            "index" => $"indexes/{index.Id}",
            "video" => $"indexes/{index.Id}/videos/{video.Id}",
            _ => $"tasks/{task.Id}",
        };
        using var disconnect = new CancellationTokenSource();

        await WhileLockedAsync(video, async () =>
        {
            var deletion = _client.DeleteAsync($"/v1.1/{path}", disconnect.Token);
            await _server.Database.UntilWaitingAsync();
            await disconnect.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deletion);
            // The server needs time to detect the disconnection.
            await Task.Delay(TimeSpan.FromSeconds(1));
        });

        await using var db = _server.Database.Open();
        for (var attempts = 0; File.Exists(_server.Files.VideoPath(video.Id)); attempts++, await Task.Delay(50))
            Assert.True(attempts < 1200, "The deletion was given up.");
        Assert.False(await db.Videos.AnyAsync(row => row.Id == video.Id));
        Assert.Equal(what == "video", await db.Tasks.AnyAsync(row => row.Id == task.Id));
        Assert.Equal(what == "index", await db.Indexes.AnyAsync(row => row.Id == index.Id && row.DeletedAt != null));
    }

    [Fact]
    public async Task A_failed_task_and_its_video_disappear_at_the_same_moment()
    {
        var (video, task) = await _server.AddVideoAsync(await _server.AddIndexAsync(), TaskState.Failed);
        Task<HttpResponseMessage> deletion = null!;

        await WhileLockedAsync(video, async () =>
        {
            deletion = _client.DeleteAsync($"/v1.1/tasks/{task.Id}");
            await _server.Database.UntilWaitingAsync();
            Assert.Equal(task.Id, (await _client.GetAsync($"/v1.1/tasks/{task.Id}").JsonAsync()).Id());
        });

        await deletion.EmptyAsync(HttpStatusCode.NoContent);
        await _client.GetAsync($"/v1.1/tasks/{task.Id}").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await _client.GetAsync($"/v1.1/indexes/{video.IndexId}/videos/{video.Id}")
            .ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
    }

    [Fact]
    public async Task A_task_that_disappears_during_a_second_deletion_is_not_found()
    {
        var (video, task) = await _server.AddVideoAsync(await _server.AddIndexAsync(), TaskState.Failed);
        List<Task<HttpResponseMessage>> deletions = [];

        await WhileLockedAsync(video, async () =>
        {
            foreach (var number in (int[])[1, 2])
            {
                deletions.Add(_client.DeleteAsync($"/v1.1/tasks/{task.Id}"));
                await _server.Database.UntilWaitingAsync(number);
            }
        });

        await deletions[0].EmptyAsync(HttpStatusCode.NoContent);
        await deletions[1].ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
    }

    [Fact]
    public async Task While_an_index_is_being_removed_no_request_waits_and_its_rows_are_hidden()
    {
        var index = await _server.AddIndexAsync("quay");
        var (video, task) = await _server.AddVideoAsync(index);
        var name = new { engine_id = "marengo2", index_options = new[] { "visual" }, index_name = "quay" };
        Task<HttpResponseMessage> deletion = null!;

        await WhileLockedAsync(video, async () =>
        {
            deletion = _client.DeleteAsync($"/v1.1/indexes/{index.Id}");
            await _server.Database.UntilWaitingAsync();

            await _client.PostAsJsonAsync("/v1.1/indexes", name).JsonAsync(HttpStatusCode.Created);
            var deleted = await _client.GetAsync($"/v1.1/indexes/{index.Id}").JsonAsync();
            Assert.Equal((true, 0), (deleted.GetProperty("deleted").GetBoolean(), deleted.GetProperty("video_count").GetInt32()));
            await _client.PutAsJsonAsync($"/v1.1/indexes/{index.Id}", new { index_name = "other" })
                .ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
            await _client.GetAsync($"/v1.1/tasks/{task.Id}").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
            await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        });

        await deletion.EmptyAsync(HttpStatusCode.NoContent);
        await using var db = _server.Database.Open();
        Assert.False(await db.Videos.AnyAsync(row => row.IndexId == index.Id));
    }

    private async Task WhileLockedAsync(Video video, Func<Task> meanwhile)
    {
        await using var db = _server.Database.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Videos.FromSql($"SELECT * FROM videos WHERE id = {video.Id} FOR UPDATE").ToListAsync();
        await meanwhile();
        await transaction.CommitAsync();
    }
}

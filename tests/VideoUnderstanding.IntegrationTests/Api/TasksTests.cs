using System.Net;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Api;

public sealed class TasksTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly HttpClient _client = server.CreateClient();

    [Fact]
    public async Task A_ready_task_has_its_metadata_and_no_progress()
    {
        var (_, task) = await server.AddVideoAsync(await server.AddIndexAsync());
        var answer = await _client.GetAsync($"/v1.1/tasks/{task.Id}").JsonAsync();

        Assert.Equal(["_id", "index_id", "video_id", "status", "metadata", "hls", "created_at", "updated_at"], answer.Names());
        Assert.Equal("ready", answer.GetProperty("status").GetString());
        Assert.Equal("""{"duration":60.5,"filename":"clip.mp4","height":360,"width":640}""", answer.GetProperty("metadata").GetRawText());
        Assert.Matches(@"\.\d{3}Z$", answer.GetProperty("updated_at").GetString());
    }

    [Fact]
    public async Task A_running_task_shows_its_progress_and_estimated_end()
    {
        var (_, task) = await server.AddVideoAsync(await server.AddIndexAsync(), TaskState.Indexing);
        var end = server.Clock.GetUtcNow().AddSeconds(84);
        await ChangeAsync(task.Id, row => (row.Percentage, row.UploadPercentage, row.EstimatedTime) = (62.5, 100, end));

        var answer = await _client.GetAsync($"/v1.1/tasks/{task.Id}").JsonAsync();

        var process = answer.GetProperty("process");
        Assert.Equal(["upload_percentage", "percentage", "remain_seconds"], process.Names());
        Assert.Equal(62.5, process.GetProperty("percentage").GetDouble());
        Assert.InRange(process.GetProperty("remain_seconds").GetDouble(), 80, 84);
        Assert.Equal(end.ToUnixTimeMilliseconds(), answer.GetProperty("estimated_time").GetDateTimeOffset().ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task A_task_without_an_estimate_has_remaining_seconds_but_no_estimated_time()
    {
        var (_, task) = await server.AddVideoAsync(await server.AddIndexAsync(), TaskState.Validating, duration: null);
        var answer = await _client.GetAsync($"/v1.1/tasks/{task.Id}").JsonAsync();

        Assert.DoesNotContain("estimated_time", answer.Names());
        Assert.True(answer.GetProperty("process").GetProperty("remain_seconds").GetDouble() > 0);
        Assert.Equal(24, answer.GetProperty("video_id").GetString()!.Length);
    }

    [Fact]
    public async Task A_failed_task_has_an_error_reason()
    {
        var (_, task) = await server.AddVideoAsync(await server.AddIndexAsync(), TaskState.Failed);
        await ChangeAsync(task.Id, row => row.ErrorReason = "The host does not answer.");

        var answer = await _client.GetAsync($"/v1.1/tasks/{task.Id}").JsonAsync();
        Assert.Equal("The host does not answer.", answer.GetProperty("error_reason").GetString());
        Assert.DoesNotContain("process", answer.Names());
    }

    [Theory]
    [InlineData("video_id")]
    [InlineData("video-id/")]
    public async Task The_deprecated_route_to_the_identifier_of_a_video_works(string name)
    {
        var index = await server.AddIndexAsync();
        var (video, task) = await server.AddVideoAsync(index);
        var answer = await _client.GetAsync($"/v1.1/indexes/tasks/{task.Id}/{name}").JsonAsync();
        Assert.Equal($$"""{"_id":"{{video.Id}}","exist":true,"video_id":"{{video.Id}}"}""", answer.GetRawText());

        var (waiting, unfinished) = await server.AddVideoAsync(index, TaskState.Indexing);
        answer = await _client.GetAsync($"/p/v1.1/indexes/tasks/{unfinished.Id}/{name}").JsonAsync();
        Assert.Equal($$"""{"exist":false,"video_id":"{{waiting.Id}}"}""", answer.GetRawText());
        await _client.GetAsync($"/v1.1/indexes/tasks/{video.Id}/{name}").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
    }

    [Fact]
    public async Task Tasks_of_another_account_do_not_exist()
    {
        var (_, task) = await server.AddVideoAsync(await server.AddIndexAsync(accountId: await server.AddAccountAsync()));
        await _client.GetAsync($"/v1.1/tasks/{task.Id}").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await _client.DeleteAsync($"/v1.1/tasks/{task.Id}").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await _client.GetAsync("/v1.1/tasks/not-an-id").ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
    }

    [Theory]
    [InlineData("/v1.1/tasks/status")]
    [InlineData("/v1.1/indexes/tasks/status")]
    public async Task Tasks_are_counted_by_state(string path)
    {
        var index = await server.AddIndexAsync();
        await server.AddVideoAsync(index, TaskState.Ready);
        await server.AddVideoAsync(index, TaskState.Ready);
        await server.AddVideoAsync(index, TaskState.Indexing);

        var answer = await _client.GetAsync($"{path}?index_id={index.Id}").JsonAsync();
        Assert.Equal($$"""{"index_id":"{{index.Id}}","ready":2,"validating":0,"pending":0,"indexing":1,"failed":0,"total_result":3}""",
            answer.GetRawText());
    }

    [Fact]
    public async Task An_index_without_tasks_counts_as_null()
    {
        var index = await server.AddIndexAsync();
        Assert.Equal("null", (await _client.GetAsync($"/v1.1/tasks/status?index_id={index.Id}").JsonAsync()).GetRawText());
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest, "parameter_not_provided")]
    [InlineData("?index_id=abc", HttpStatusCode.BadRequest, "parameter_invalid")]
    [InlineData("?index_id=640080b29a4b2f0c1d3e5a02", HttpStatusCode.NotFound, "resource_not_exist")]
    public async Task Counting_needs_an_index(string query, HttpStatusCode status, string code)
        => await _client.GetAsync($"/v1.1/tasks/status{query}").ErrorAsync(status, code);

    [Theory]
    [InlineData(TaskState.Validating)]
    [InlineData(TaskState.Pending)]
    [InlineData(TaskState.Indexing)]
    [InlineData(TaskState.Ready)]
    public async Task An_unfinished_task_or_one_with_a_video_cannot_be_deleted(TaskState state)
    {
        var (_, task) = await server.AddVideoAsync(await server.AddIndexAsync(), state);
        await _client.DeleteAsync($"/v1.1/tasks/{task.Id}").ErrorAsync(HttpStatusCode.Conflict, "task_cannot_be_deleted");
        await _client.GetAsync($"/v1.1/tasks/{task.Id}").JsonAsync();
    }

    [Fact]
    public async Task A_failed_task_is_deleted_with_its_video()
    {
        var index = await server.AddIndexAsync();
        var (video, task) = await server.AddVideoAsync(index, TaskState.Failed);
        await File.WriteAllTextAsync(server.Files.VideoPath(video.Id), "bytes");

        await _client.DeleteAsync($"/v1.1/tasks/{task.Id}").EmptyAsync(HttpStatusCode.NoContent);

        await _client.DeleteAsync($"/v1.1/tasks/{task.Id}").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        Assert.False(File.Exists(server.Files.VideoPath(video.Id)));
    }

    [Fact]
    public async Task A_ready_task_is_deleted_once_its_video_is_gone()
    {
        var index = await server.AddIndexAsync();
        var (video, task) = await server.AddVideoAsync(index);
        await _client.DeleteAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}").EmptyAsync(HttpStatusCode.NoContent);
        await _client.DeleteAsync($"/v1.1/tasks/{task.Id}").EmptyAsync(HttpStatusCode.NoContent);
    }

    private async Task ChangeAsync(string taskId, Action<IndexingTask> change)
    {
        await using var db = server.Database.Open();
        change(await db.Tasks.SingleAsync(task => task.Id == taskId));
        await db.SaveChangesAsync();
    }
}

using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Server.App.Progress;

namespace VideoUnderstanding.IntegrationTests.App;

/// <summary>The stream of server-sent events with the progress of tasks, which the web app shows.</summary>
public sealed class TaskEventTests(DatabaseTemplate template) : IAsyncLifetime
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(5);

    private readonly AppServer _server = new(template);
    private readonly CancellationTokenSource _ended = new(WaitTimeout);

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync()
    {
        _ended.Dispose();
        return _server.DisposeAsync();
    }

    [Fact]
    public async Task A_stream_contains_only_changes_of_the_tasks_of_its_index()
    {
        using var ours = await _server.SignedInAsync(account: "ours");
        using var theirs = await _server.SignedInAsync(account: "theirs");
        var (index, task) = await AddTaskAsync(ours);
        await AddTaskAsync(theirs);
        var events = ReadAsync(ours, index);
        Assert.Equal((task, "indexing", 10.0), ReportedTask(await events.NextAsync(_server)));

        await ChangeAsync(task, row => row.SetProperty(one => one.Percentage, 42.5));
        Assert.Equal((task, "indexing", 42.5), ReportedTask(await events.NextAsync(_server)));

        // A change in another account causes no event. The next event is that of the ready task, which is no longer listed.
        var (_, foreign) = await AddTaskAsync(theirs);
        await ChangeAsync(foreign, row => row.SetProperty(one => one.Percentage, 1));
        await ChangeAsync(task, row => row.SetProperty(one => one.State, TaskState.Ready));
        Assert.Empty((await events.NextAsync(_server)).GetProperty("tasks").EnumerateArray());
    }

    [Fact]
    public async Task A_stream_needs_a_session_of_the_account_of_the_index()
    {
        using var ours = await _server.SignedInAsync(account: "ours");
        using var theirs = await _server.SignedInAsync(account: "theirs");
        var (index, _) = await AddTaskAsync(ours);
        await theirs.Http.GetAsync(PathOf(index)).ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        using var withoutSession = _server.Browse();
        await withoutSession.Http.GetAsync(PathOf(index)).ErrorAsync(HttpStatusCode.Unauthorized, "session_invalid");
    }

    [Fact]
    public async Task A_stream_ends_when_the_server_stops()
    {
        using var browser = await _server.SignedInAsync();
        var (index, _) = await AddTaskAsync(browser);
        var events = ReadAsync(browser, index);
        await events.NextAsync(_server);

        await _server.RestartAsync();

        // MoveNextAsync throws if the server aborts the connection after its shutdown timeout.
        Assert.False(await events.Enumerator.MoveNextAsync());
    }

    [Fact]
    public async Task A_stream_ends_when_the_user_signs_out_and_after_a_new_password()
    {
        using var browser = await _server.SignedInAsync();
        var (index, _) = await AddTaskAsync(browser);
        var events = ReadAsync(browser, index);
        await events.NextAsync(_server);
        using (var left = await browser.SendAsync(HttpMethod.Delete, "/app/session"))
            Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        Assert.False(await events.Enumerator.MoveNextAsync());

        using var second = await _server.SignedInAsync();
        (index, _) = await AddTaskAsync(second);
        events = ReadAsync(second, index);
        await events.NextAsync(_server);
        await using (var db = _server.Database.Open())
            Assert.Equal(1, await db.Users.Where(user => user.Name == second.User).ExecuteDeleteAsync());
        var end = events.Enumerator.MoveNextAsync().AsTask();
        await AdvanceUntilAsync(end, TaskEventEndpoint.HeartbeatPause);
        Assert.False(await end);
    }

    [Fact]
    public async Task A_quiet_stream_has_heartbeats_and_a_user_has_a_limited_number_of_streams()
    {
        using var browser = await _server.SignedInAsync();
        var (index, _) = await AddTaskAsync(browser);
        var events = ReadAsync(browser, index);
        await events.NextAsync(_server);
        var next = events.Enumerator.MoveNextAsync().AsTask();
        await AdvanceUntilAsync(next, TaskEventEndpoint.HeartbeatPause);
        Assert.Equal("heartbeat", events.Enumerator.Current.EventType);

        var others = new List<Events>();
        for (var count = 1; count < 20; count++)
        {
            others.Add(ReadAsync(browser, index));
            await others[^1].NextAsync(_server);
        }
        await browser.Http.GetAsync(PathOf(index)).ErrorAsync(HttpStatusCode.TooManyRequests, "too_many_requests");
    }

    private static string PathOf(string index) => $"/app/indexes/{index}/tasks/events";

    private Events ReadAsync(Browser browser, string index) => new(OpenAsync(browser, index).GetAsyncEnumerator(_ended.Token));

    private async IAsyncEnumerable<SseItem<string>> OpenAsync(Browser browser, string index)
    {
        using var response = await browser.Http.GetAsync(PathOf(index), HttpCompletionOption.ResponseHeadersRead, _ended.Token);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        await using var body = await response.Content.ReadAsStreamAsync(_ended.Token);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(_ended.Token))
            yield return item;
    }

    /// <summary>Advances the clock of the server, which does not run by itself, until a task has completed.</summary>
    private async Task AdvanceUntilAsync(Task awaited, TimeSpan step)
    {
        while (!awaited.IsCompleted)
        {
            _server.Clock.Advance(step);
            await Task.Delay(20, _ended.Token);
        }
    }

    /// <summary>Adds an index with a task that is being indexed, 10 percent done.</summary>
    private async Task<(string Index, string Task)> AddTaskAsync(Browser browser)
    {
        await using var db = _server.Database.Open();
        var account = await db.Users.Where(row => row.Name == browser.User).Select(row => row.AccountId).SingleAsync();
        var now = _server.Clock.GetUtcNow();
        var index = new VideoIndex
        {
            Id = ObjectIds.New(_server.Clock), AccountId = account, Name = $"films {Guid.NewGuid():N}", EngineId = "marengo2",
            Options = [IndexOptions.Visual], Addons = [], CreatedAt = now, UpdatedAt = now,
        };
        var task = new IndexingTask
        {
            Id = ObjectIds.New(_server.Clock), AccountId = account, IndexId = index.Id, VideoId = ObjectIds.New(_server.Clock),
            State = TaskState.Indexing, Percentage = 10, UploadPercentage = 100, Language = "en", Filename = "a.mp4", CreatedAt = now,
            UpdatedAt = now,
        };
        db.AddRange(index, task);
        await db.SaveChangesAsync();
        return (index.Id, task.Id);
    }

    private async Task ChangeAsync(
        string task, Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<IndexingTask>> change)
    {
        await using var db = _server.Database.Open();
        Assert.Equal(1, await db.Tasks.Where(row => row.Id == task).ExecuteUpdateAsync(change));
    }

    private static (string? Id, string? Status, double Percentage) ReportedTask(JsonElement state)
    {
        var task = Assert.Single(state.GetProperty("tasks").EnumerateArray());
        return (task.GetProperty("_id").GetString(), task.GetProperty("status").GetString(),
            task.GetProperty("process").GetProperty("percentage").GetDouble());
    }

    private sealed record Events(IAsyncEnumerator<SseItem<string>> Enumerator)
    {
        /// <summary>Returns the next state. Advances the clock of the server until it arrives.</summary>
        public async Task<JsonElement> NextAsync(AppServer server)
        {
            while (true)
            {
                var next = Enumerator.MoveNextAsync().AsTask();
                while (!next.IsCompleted)
                {
                    server.Clock.Advance(TaskFeed.Pause);
                    await Task.Delay(20);
                }
                Assert.True(await next, "The stream has ended.");
                if (Enumerator.Current.EventType == "tasks")
                    return JsonElement.Parse(Enumerator.Current.Data);
            }
        }
    }
}

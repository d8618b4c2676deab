using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.EndToEndTests.Generated;
using VideoUnderstanding.EndToEndTests.Support;

namespace VideoUnderstanding.EndToEndTests.App;

/// <summary>Task progress on the page of an index. The test writes the progress into the database, as an indexing server does.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed class AppProgressTests(GeneratedSet set, Chromium chromium) : IAsyncLifetime
{
    private readonly string _account = $"progress {Guid.NewGuid():N}"[..20];
    private readonly ConcurrentQueue<string> _taskRequests = [];
    private AppPage _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppPage.SignInMemberAsync(chromium, set.Server, _account);
        _app.Page.Request += (_, request) =>
        {
            if (request.Url.Contains("/v1.1/tasks", StringComparison.Ordinal))
                _taskRequests.Enqueue(request.Url);
        };
    }

    public async ValueTask DisposeAsync()
    {
        await ChangeAsync(tasks => tasks.ExecuteDeleteAsync());
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Progress_is_updated_without_polling_and_a_ready_task_disappears()
    {
        await _app.GoToAsync($"/indexes/{await AddTaskAsync()}");
        await _app.ExpectVisibleAsync(_app.Page.GetByText("Being indexed, 10 %"));
        await ChangeAsync(tasks => tasks.ExecuteUpdateAsync(row => row.SetProperty(task => task.Percentage, 55)));
        await _app.ExpectVisibleAsync(_app.Page.GetByText("Being indexed, 55 %"));
        await ChangeAsync(tasks => tasks.ExecuteUpdateAsync(row => row.SetProperty(task => task.State, TaskState.Ready)));
        await Assertions.Expect(_app.Page.Locator(".work li")).ToHaveCountAsync(0);
        Assert.Empty(_taskRequests);
        _app.AssertClean();
    }

    [Fact]
    public async Task Without_an_event_stream_the_page_polls()
    {
        await _app.Page.RouteAsync("**/tasks/events", route => route.AbortAsync());
        await _app.GoToAsync($"/indexes/{await AddTaskAsync()}");
        await _app.ExpectVisibleAsync(_app.Page.GetByText("Being indexed, 10 %"));
        await ChangeAsync(tasks => tasks.ExecuteUpdateAsync(row => row.SetProperty(task => task.Percentage, 55)));
        await _app.ExpectVisibleAsync(_app.Page.GetByText("Being indexed, 55 %"));
        Assert.NotEmpty(_taskRequests);
        _app.AssertClean("ERR_FAILED");
    }

    /// <returns>Identifier of the index of the task.</returns>
    private async Task<string> AddTaskAsync()
    {
        await using var scope = set.Server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
        var cancellation = TestContext.Current.CancellationToken;
        var account = await db.Accounts.Where(row => row.Name == _account).Select(row => row.Id).SingleAsync(cancellation);
        var now = TimeProvider.System.GetUtcNow();
        var index = new VideoIndex
        {
            Id = ObjectIds.New(TimeProvider.System), AccountId = account, Name = "progress", EngineId = "marengo2",
            Options = [IndexOptions.Visual], Addons = [], CreatedAt = now, UpdatedAt = now,
        };
        db.AddRange(index, new IndexingTask
        {
            Id = ObjectIds.New(TimeProvider.System), AccountId = account, IndexId = index.Id, VideoId = ObjectIds.New(TimeProvider.System),
            State = TaskState.Indexing, Percentage = 10, UploadPercentage = 100, StartedAt = now, EstimatedTime = now.AddMinutes(10),
            Language = "en", Filename = "a.mp4", CreatedAt = now, UpdatedAt = now,
        });
        await db.SaveChangesAsync(cancellation);
        return index.Id;
    }

    private async Task ChangeAsync(Func<IQueryable<IndexingTask>, Task<int>> change)
    {
        await using var scope = set.Server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
        await change(db.Tasks.Where(task => db.Accounts.Any(account => account.Id == task.AccountId && account.Name == _account)));
    }
}

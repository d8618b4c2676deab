using System.Net;
using System.Text.RegularExpressions;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.App;

/// <summary>The state of the server and the job pages, which only administrators can read.</summary>
public sealed partial class OperatorTests(AppServer server) : IClassFixture<AppServer>, IAsyncLifetime
{
    private Browser _browser = null!;

    public async ValueTask InitializeAsync() => _browser = await server.SignedInAsync();

    public ValueTask DisposeAsync()
    {
        _browser.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_state_of_the_server_has_the_indexes_tasks_and_failures_of_all_accounts()
    {
        var now = server.Clock.GetUtcNow();
        string New() => ObjectIds.New(TimeProvider.System);
        var account = new Account { Id = New(), Name = "studio", CreatedAt = now };
        var index = new VideoIndex
        {
            Id = New(), AccountId = account.Id, Name = "harbour", EngineId = "marengo2", Options = ["visual"], Addons = [], CreatedAt = now,
            UpdatedAt = now,
        };
        var video = new Video
        {
            Id = New(), AccountId = account.Id, IndexId = index.Id, Filename = "pier.mp4", Duration = 5400, Size = 3_000_000_000,
            CreatedAt = now, UpdatedAt = now, IndexedAt = now,
        };
        var task = new IndexingTask
        {
            Id = New(), AccountId = account.Id, IndexId = index.Id, VideoId = New(), Language = "en", Filename = "broken.mp4",
            State = TaskState.Failed, ErrorCode = "video_file_broken", ErrorReason = "It holds no picture.", CreatedAt = now,
            UpdatedAt = now,
        };
        await using (var db = server.Database.Open())
        {
            db.AddRange(account, index, video, task);
            await db.SaveChangesAsync();
        }

        var state = await _browser.Http.GetAsync("/app/server").JsonAsync();

        Assert.Equal(1, state.GetProperty("tasks").GetProperty("failed").GetInt32());
        var failure = Assert.Single(state.GetProperty("failures").EnumerateArray());
        Assert.Equal(("broken.mp4", "It holds no picture.", task.Id), (failure.GetProperty("filename").GetString(),
            failure.GetProperty("reason").GetString(), failure.GetProperty("task_id").GetString()));
        var shown = state.GetProperty("indexes").EnumerateArray().Single(row => row.GetProperty("name").GetString() == "harbour");
        Assert.Equal(("studio", 1, 5400.0), (shown.GetProperty("account").GetString(), shown.GetProperty("videos").GetInt32(),
            shown.GetProperty("duration").GetDouble()));
        Assert.Equal(3_000_000_000, state.GetProperty("disk").GetProperty("videos").GetInt64());
        Assert.Contains(state.GetProperty("models").EnumerateArray(), model => model.GetProperty("name").GetString() == "model:VisualText");

        var hours = (await _browser.Http.GetAsync("/app/server/activity").JsonAsync()).GetProperty("hours").EnumerateArray().ToList();
        Assert.Equal((24, 1, 0, 0), (hours.Count, hours.Sum(hour => hour.GetProperty("failed").GetInt32()),
            hours.Sum(hour => hour.GetProperty("ready").GetInt32()), hours[^1].GetProperty("queued").GetInt32()));
    }

    [Fact]
    public async Task The_activity_is_for_administrators()
    {
        using var member = await server.SignedInAsync(UserRole.Member);
        await member.Http.GetAsync("/app/server/activity").ErrorAsync(HttpStatusCode.Forbidden, "administrator_only");
    }

    [Theory]
    [InlineData("")]
    [InlineData("/jobs/enqueued")]
    [InlineData("/jobs/succeeded")]
    [InlineData("/recurring")]
    [InlineData("/retries")]
    [InlineData("/servers")]
    public async Task Job_pages_comply_with_their_content_security_policy(string path)
    {
        using var answer = await _browser.Http.GetAsync($"/app/jobs{path}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotMatch("""<script(?![^>]*src="/app/jobs/)""", page);
        Assert.DoesNotMatch("""\son(click|load|change|submit|error)=""", page);
        var sources = Source().Matches(page).Select(match => match.Groups[1].Value)
            .Where(source => !source.StartsWith("data:", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(sources);
        Assert.All(sources, source => Assert.StartsWith("/app/jobs/", source, StringComparison.Ordinal));
        foreach (var source in sources)
            Assert.Equal(HttpStatusCode.OK, (await _browser.Http.GetAsync(source)).StatusCode);
    }

    [Fact]
    public async Task Job_actions_need_the_token_of_the_job_page()
    {
        var token = CsrfToken().Match(await _browser.Http.GetStringAsync("/app/jobs/recurring")).Groups[1].Value;
        Assert.Equal(HttpStatusCode.Forbidden, await TriggerAsync(_browser, null));
        Assert.Equal(HttpStatusCode.Forbidden, await TriggerAsync(_browser, "unknown"));
        Assert.Equal(HttpStatusCode.NoContent, await TriggerAsync(_browser, token));
        using var stranger = server.Browse();
        Assert.Equal(HttpStatusCode.Redirect, await TriggerAsync(stranger, token));
    }

    private static async Task<HttpStatusCode> TriggerAsync(Browser browser, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/app/jobs/recurring/trigger")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("jobs[]", "tidy-up")]),
        };
        if (token is not null)
            request.Headers.Add(Browser.TokenHeader, token);
        using var answer = await browser.Http.SendAsync(request);
        return answer.StatusCode;
    }

    [GeneratedRegex("""<(?:script|link|img|iframe)[^>]*?(?:src|href)="([^"]+)""")]
    private static partial Regex Source();

    [GeneratedRegex("""csrf-token" content="([^"]+)""")]
    private static partial Regex CsrfToken();
}

using System.Net;
using System.Text.RegularExpressions;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.IntegrationTests.Dashboard;

/// <summary>What the pages show, and that they need nothing that their policy forbids.</summary>
public sealed partial class PageTests(DashboardServer server) : IClassFixture<DashboardServer>, IAsyncLifetime
{
    private HttpClient _browser = null!;

    public async ValueTask InitializeAsync()
    {
        server.Secret.Set(DashboardServer.Password);
        _browser = server.Browse();
        await DashboardServer.LogInAsync(_browser);
    }

    public ValueTask DisposeAsync()
    {
        _browser.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_overview_shows_what_is_there_and_what_failed_and_runs_nothing_that_users_wrote()
    {
        var now = TimeProvider.System.GetUtcNow();
        string New() => ObjectIds.New(TimeProvider.System);
        var account = new Account { Id = New(), Name = "studio", CreatedAt = now };
        var index = new VideoIndex { Id = New(), AccountId = account.Id, Name = "<script>alert(1)</script>", EngineId = "marengo2", Options = ["visual"], Addons = [], CreatedAt = now, UpdatedAt = now };
        var video = new Video { Id = New(), AccountId = account.Id, IndexId = index.Id, Filename = "pier.mp4", Duration = 5400, Size = 3L << 30, CreatedAt = now, UpdatedAt = now, IndexedAt = now };
        var task = new IndexingTask
        {
            Id = New(), AccountId = account.Id, IndexId = index.Id, VideoId = New(), Language = "en", Filename = "\"><img src=x>.mp4", State = TaskState.Failed, ErrorCode = "video_file_broken", ErrorReason = "It holds no <picture>.", CreatedAt = now, UpdatedAt = now,
        };
        await using (var db = server.Database.Open())
        {
            db.AddRange(account, index, video, task);
            await db.SaveChangesAsync();
        }

        var page = await _browser.GetStringAsync("/dashboard");

        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        foreach (var part in (string[])["<td>studio</td>", "<td>1.50</td>", "3.00 GB", "<th scope=\"row\">Failed</th><td>1</td>", "video_file_broken", "It holds no &lt;picture&gt;.", task.Id, "<th scope=\"row\">VisualText</th>"])
            Assert.Contains(part, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_own_pages_have_a_language_headings_labels_and_their_style_from_here()
    {
        using var stranger = server.Browse();
        foreach (var page in (string[])[await _browser.GetStringAsync("/dashboard"), await stranger.GetStringAsync("/dashboard/login")])
        {
            Assert.Contains("<html lang=\"en\">", page, StringComparison.Ordinal);
            Assert.Single(Regex.Matches(page, "<h1>"));
            Assert.All(Regex.Matches(page, "<th[ >]").Select(match => page[match.Index..]), header => Assert.StartsWith("<th scope=", header, StringComparison.Ordinal));
            Assert.All(Visible().Matches(page).Select(match => match.Groups[1].Value), id => Assert.Contains($"<label for=\"{id}\">", page, StringComparison.Ordinal));
            Assert.Equal(["/dashboard/style.css"], Source().Matches(page).Select(match => match.Groups[1].Value));
        }
        using var style = await stranger.GetAsync("/dashboard/style.css");
        Assert.Equal((HttpStatusCode.OK, "text/css"), (style.StatusCode, style.Content.Headers.ContentType?.MediaType));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/jobs/enqueued")]
    [InlineData("/jobs/succeeded")]
    [InlineData("/recurring")]
    [InlineData("/retries")]
    [InlineData("/servers")]
    public async Task Pages_of_jobs_get_along_with_their_policy(string path)
    {
        using var answer = await _browser.GetAsync($"/dashboard/jobs{path}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotMatch("""<script(?![^>]*src="/dashboard/jobs/)""", page);
        Assert.DoesNotMatch("""\son(click|load|change|submit|error)=""", page);
        var sources = Source().Matches(page).Select(match => match.Groups[1].Value).Where(source => !source.StartsWith("data:", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(sources);
        Assert.All(sources, source => Assert.StartsWith("/dashboard/jobs/", source, StringComparison.Ordinal));
        foreach (var source in sources)
            Assert.Equal(HttpStatusCode.OK, (await _browser.GetAsync(source)).StatusCode);
    }

    [Fact]
    public async Task Jobs_take_orders_only_with_the_token_of_their_page()
    {
        var token = CsrfToken().Match(await _browser.GetStringAsync("/dashboard/jobs/recurring")).Groups[1].Value;
        Assert.Equal(HttpStatusCode.Forbidden, await TriggerAsync(_browser, null));
        Assert.Equal(HttpStatusCode.Forbidden, await TriggerAsync(_browser, "made up"));
        Assert.Equal(HttpStatusCode.NoContent, await TriggerAsync(_browser, token));
        using var stranger = server.Browse();
        Assert.Equal(HttpStatusCode.Redirect, await TriggerAsync(stranger, token));
    }

    private static async Task<HttpStatusCode> TriggerAsync(HttpClient browser, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/dashboard/jobs/recurring/trigger") { Content = new FormUrlEncodedContent([KeyValuePair.Create("jobs[]", "tidy-up")]) };
        if (token is not null)
            request.Headers.Add("RequestVerificationToken", token);
        using var answer = await browser.SendAsync(request);
        return answer.StatusCode;
    }

    [GeneratedRegex("""<(?:script|link|img|iframe)[^>]*?(?:src|href)="([^"]+)""")]
    private static partial Regex Source();

    [GeneratedRegex("""<input id="([^"]+)""")]
    private static partial Regex Visible();

    [GeneratedRegex("""csrf-token" content="([^"]+)""")]
    private static partial Regex CsrfToken();
}

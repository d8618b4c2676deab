using System.Net;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Dashboard;

/// <summary>Who gets in, who does not, and for how long.</summary>
public sealed class LoginTests(DashboardServer server) : IClassFixture<DashboardServer>, IAsyncLifetime
{
    private static readonly string[] Pages = ["/dashboard", "/dashboard/", "/dashboard/jobs", "/dashboard/jobs/retries", "/dashboard/anything"];

    public ValueTask InitializeAsync()
    {
        server.Secret.Set(DashboardServer.Password);
        // Buckets of an earlier test fill again.
        server.Clock.Advance(TimeSpan.FromMinutes(5));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Without_a_password_there_is_no_dashboard()
    {
        using var inside = server.Browse();
        await DashboardServer.LogInAsync(inside);
        server.Secret.Remove();
        using var outside = server.Browse();
        foreach (var browser in (HttpClient[])[inside, outside])
            foreach (var page in Pages.Append("/dashboard/login").Append("/dashboard/style.css"))
                await browser.GetAsync(page).ErrorAsync(HttpStatusCode.NotFound, "endpoint_not_exists");
    }

    [Fact]
    public async Task Without_a_login_only_the_login_is_shown()
    {
        using var browser = server.Browse();
        foreach (var page in Pages)
        {
            using var answer = await browser.GetAsync(page);
            Assert.Equal((HttpStatusCode.Redirect, "/dashboard/login"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
            using var post = await browser.PostAsync(page, null);
            Assert.Equal((HttpStatusCode.Redirect, "/dashboard/login"), (post.StatusCode, post.Headers.Location?.OriginalString));
        }
    }

    [Fact]
    public async Task The_right_password_opens_the_pages_until_the_logout()
    {
        using var browser = server.Browse();
        using (var entered = await DashboardServer.LogInAsync(browser))
            Assert.Equal((HttpStatusCode.Redirect, "/dashboard"), (entered.StatusCode, entered.Headers.Location?.OriginalString));
        var page = await browser.GetStringAsync("/dashboard");
        Assert.Contains("<h2 id=\"tasks\">Tasks</h2>", page, StringComparison.Ordinal);
        Assert.Contains("enqueued", await browser.GetStringAsync("/dashboard/jobs"), StringComparison.Ordinal);

        await browser.PostAsync("/dashboard/logout", DashboardServer.Form("made up"));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/dashboard")).StatusCode);
        await browser.PostAsync("/dashboard/logout", DashboardServer.Form(DashboardServer.TokenOf(page)));
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/dashboard")).StatusCode);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    [InlineData("correct horse battery ")]
    public async Task A_wrong_password_opens_nothing(string password)
    {
        using var browser = server.Browse();
        using var answer = await DashboardServer.LogInAsync(browser, password);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/dashboard")).StatusCode);
    }

    [Fact]
    public async Task A_login_without_the_token_of_the_form_is_refused()
    {
        using var browser = server.Browse();
        using var blank = await browser.PostAsync("/dashboard/login", DashboardServer.Form(null, ("password", DashboardServer.Password)));
        Assert.Equal(HttpStatusCode.BadRequest, blank.StatusCode);
        using var elsewhere = server.Browse();
        var token = DashboardServer.TokenOf(await elsewhere.GetStringAsync("/dashboard/login"));
        using var foreign = await browser.PostAsync("/dashboard/login", DashboardServer.Form(token, ("password", DashboardServer.Password)));
        Assert.Equal(HttpStatusCode.BadRequest, foreign.StatusCode);
    }

    [Theory]
    [InlineData("multipart/form-data", "password=guess")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nhalf")]
    public async Task A_form_that_can_not_be_read_is_refused_like_one_from_elsewhere(string type, string body)
    {
        using var browser = server.Browse();
        await browser.GetAsync("/dashboard/login");
        using var content = new StringContent(body);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await browser.PostAsync("/dashboard/login", content);
        Assert.Equal((HttpStatusCode.BadRequest, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task An_address_that_tries_too_often_waits_and_others_do_not()
    {
        using var guesser = server.Browse("203.0.113.50");
        for (var tries = 0; tries < 10; tries++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await DashboardServer.LogInAsync(guesser, $"guess {tries}")).StatusCode);
        using (var refused = await DashboardServer.LogInAsync(guesser))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(10), refused.Headers.RetryAfter?.Delta);
        }
        using var other = server.Browse("203.0.113.51");
        Assert.Equal(HttpStatusCode.Redirect, (await DashboardServer.LogInAsync(other)).StatusCode);
        server.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.Redirect, (await DashboardServer.LogInAsync(guesser)).StatusCode);
    }

    [Fact]
    public async Task A_login_slides_with_use_and_ends_without()
    {
        using var browser = server.Browse();
        await DashboardServer.LogInAsync(browser);
        for (var visits = 0; visits < 4; visits++)
        {
            server.Clock.Advance(TimeSpan.FromMinutes(40));
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/dashboard")).StatusCode);
        }
        server.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/dashboard")).StatusCode);
    }

    [Fact]
    public async Task A_new_password_ends_the_logins_that_were_made_with_the_old_one()
    {
        using var browser = server.Browse();
        await DashboardServer.LogInAsync(browser);
        server.Secret.Set("another long password");
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/dashboard")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await DashboardServer.LogInAsync(browser)).StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cookies_are_out_of_reach_of_scripts_and_other_sites_and_stay_within_TLS(bool overTls)
    {
        using var browser = server.Browse(overTls: overTls);
        using var form = await browser.GetAsync("/dashboard/login");
        // Over TLS the browser of this test would keep them from its plain connection: the token is sent by hand.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/dashboard/login") { Content = DashboardServer.Form(DashboardServer.TokenOf(await form.Content.ReadAsStringAsync()), ("password", DashboardServer.Password)) };
        var ofForm = Assert.Single(form.Headers.GetValues("Set-Cookie"));
        request.Headers.Add("Cookie", ofForm.Split(';')[0]);
        using var entered = await browser.SendAsync(request);
        foreach (var cookie in (string[])[ofForm, Assert.Single(entered.Headers.GetValues("Set-Cookie"))])
        {
            string[] attributes = [.. cookie.Split("; ").Skip(1).Order(StringComparer.Ordinal)];
            Assert.Equal(overTls ? ["httponly", "path=/dashboard", "samesite=strict", "secure"] : ["httponly", "path=/dashboard", "samesite=strict"], attributes);
        }
    }

    [Fact]
    public async Task Logins_outlive_a_restart_and_their_keys_are_closed_to_others()
    {
        using var browser = server.Browse();
        using var entered = await DashboardServer.LogInAsync(browser);
        var cookie = Assert.Single(entered.Headers.GetValues("Set-Cookie")).Split(';')[0];
        await server.RestartAsync();
        using var again = server.Browse();
        again.DefaultRequestHeaders.Add("Cookie", cookie);
        Assert.Equal(HttpStatusCode.OK, (await again.GetAsync("/dashboard")).StatusCode);

        string[] secrets = [Path.Combine(server.Data, "dashboard-password"), .. Directory.GetFiles(Path.Combine(server.Data, "dashboard-keys"))];
        Assert.True(secrets.Length > 1);
        Assert.All(secrets, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.DoesNotContain(DashboardServer.Password, await File.ReadAllTextAsync(secrets[0]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_password_is_refused() => Assert.Throws<ArgumentException>(() => server.Secret.Set("elevenchars"));
}

using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Identity;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.App;

/// <summary>Sign-in, refused sign-ins and the lifetime of sessions.</summary>
public sealed class SessionTests(AppServer server) : IClassFixture<AppServer>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        // The rate limits that an earlier test has used up are reset.
        server.Clock.Advance(TimeSpan.FromMinutes(5));
        await server.UsersAsync(users => users.CreateAsync("Ada", "default", UserRole.Administrator, AppServer.Password, default));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Without_a_session_nothing_is_shown()
    {
        using var browser = server.Browse();
        foreach (var path in new[] { "/app/keys", "/app/users", "/app/server", "/app/videos/640080b29a4b2f0c1d3e5a02/picture" })
            await browser.Http.GetAsync(path).ErrorAsync(HttpStatusCode.Unauthorized, "session_invalid");
        await browser.Http.GetAsync("/v1.1/indexes").ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid");
        using var jobs = await browser.Http.GetAsync("/app/jobs");
        Assert.Equal((HttpStatusCode.Redirect, "/sign-in"), (jobs.StatusCode, jobs.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task A_user_signs_in_and_out()
    {
        using var browser = server.Browse();
        using var entered = await browser.SignInAsync(" ADA ");
        Assert.Equal(HttpStatusCode.NoContent, entered.StatusCode);
        var user = (await browser.SessionAsync()).GetProperty("user");
        Assert.Equal(("ada", "default", "administrator"), (user.GetProperty("name").GetString(), user.GetProperty("account").GetString(),
            user.GetProperty("role").GetString()));

        using var left = await browser.SendAsync(HttpMethod.Delete, "/app/session");
        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        Assert.False(await browser.IsSignedInAsync());
    }

    [Theory]
    [InlineData("ada", "wrong")]
    [InlineData("ada", "")]
    [InlineData("ada", "correct horse battery ")]
    [InlineData("nobody", AppServer.Password)]
    public async Task A_wrong_name_or_password_is_refused(string name, string password)
    {
        using var browser = server.Browse();
        await browser.SignInAsync(name, password).ErrorAsync(HttpStatusCode.Unauthorized, "sign_in_failed");
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Signing_in_without_the_token_or_with_a_foreign_one_is_refused()
    {
        using var browser = server.Browse();
        using var elsewhere = server.Browse();
        var foreign = (await elsewhere.SessionAsync()).GetProperty("token").GetString();
        await browser.SessionAsync();
        foreach (var token in new[] { null, "unknown", foreign })
            await browser.SendAsync(HttpMethod.Post, "/app/session", token, new { name = "ada", password = AppServer.Password })
                .ErrorAsync(HttpStatusCode.Forbidden, "session_token_invalid");
    }

    [Fact]
    public async Task An_address_with_too_many_attempts_waits_and_others_do_not()
    {
        using var guesser = server.Browse("203.0.113.50");
        for (var attempts = 0; attempts < 10; attempts++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await guesser.SignInAsync("ada", $"guess {attempts}")).StatusCode);
        using (var refused = await guesser.SignInAsync("ada"))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(10), refused.Headers.RetryAfter?.Delta);
        }
        using var other = server.Browse("203.0.113.51");
        Assert.Equal(HttpStatusCode.NoContent, (await other.SignInAsync("ada")).StatusCode);
        server.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.NoContent, (await guesser.SignInAsync("ada")).StatusCode);
    }

    [Fact]
    public async Task A_session_is_extended_by_use_and_expires_without_use()
    {
        using var browser = server.Browse();
        await browser.SignInAsync("ada");
        for (var visits = 0; visits < 4; visits++)
        {
            server.Clock.Advance(TimeSpan.FromHours(8));
            Assert.True(await browser.IsSignedInAsync());
        }
        server.Clock.Advance(TimeSpan.FromHours(13));
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task A_new_password_ends_all_other_sessions()
    {
        using var first = await server.SignedInAsync();
        using var second = server.Browse();
        await second.SignInAsync(first.User);
        await first.SendAsync(HttpMethod.Put, "/app/password", new { current = "wrong", password = "another long password" })
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        var refusal = await first.SendAsync(HttpMethod.Put, "/app/password", new { current = AppServer.Password, password = "too short" })
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        Assert.Contains("12 to 200 characters", refusal, StringComparison.Ordinal);

        using var changed = await first.SendAsync(
            HttpMethod.Put, "/app/password", new { current = AppServer.Password, password = "another long password" });

        Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
        Assert.True(await first.IsSignedInAsync());
        Assert.False(await second.IsSignedInAsync());
        await second.SignInAsync(first.User).ErrorAsync(HttpStatusCode.Unauthorized, "sign_in_failed");
    }

    [Fact]
    public async Task The_session_of_a_deleted_user_ends()
    {
        using var browser = await server.SignedInAsync();
        var user = await server.UsersAsync(users => users.VerifyAsync(browser.User, AppServer.Password, default));
        Assert.True(await server.UsersAsync(users => users.RemoveAsync(user!.Id, default)));
        await browser.Http.GetAsync("/app/keys").ErrorAsync(HttpStatusCode.Unauthorized, "session_invalid");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cookies_are_http_only_same_site_and_secure_over_TLS(bool overTls)
    {
        using var browser = server.Browse(overTls: overTls);
        using var session = await browser.Http.GetAsync("/app/session");
        var token = (await Task.FromResult(session).JsonAsync()).GetProperty("token").GetString();
        // The cookie container does not send secure cookies over the plain connection of this test, so the test sends them itself.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/app/session")
        {
            Content = JsonContent.Create(new { name = "ada", password = AppServer.Password }),
        };
        var ofForm = Assert.Single(session.Headers.GetValues("Set-Cookie"));
        request.Headers.Add("Cookie", ofForm.Split(';')[0]);
        request.Headers.Add(Browser.TokenHeader, token);
        using var entered = await browser.Http.SendAsync(request);
        foreach (var cookie in (string[])[ofForm, Assert.Single(entered.Headers.GetValues("Set-Cookie"))])
        {
            string[] attributes = [.. cookie.Split("; ").Skip(1).Order(StringComparer.Ordinal)];
            Assert.Equal(overTls ? ["httponly", "path=/", "samesite=strict", "secure"] : ["httponly", "path=/", "samesite=strict"],
                attributes);
        }
    }

    [Fact]
    public async Task Sessions_survive_a_restart()
    {
        using var browser = server.Browse();
        using var entered = await browser.SignInAsync("ada");
        var cookie = Assert.Single(entered.Headers.GetValues("Set-Cookie")).Split(';')[0];
        await server.RestartAsync();
        using var again = server.Browse();
        again.Http.DefaultRequestHeaders.Add("Cookie", cookie);
        Assert.True(await again.IsSignedInAsync());
    }

    [Fact]
    public async Task The_setup_link_is_invalid_after_the_first_user_was_created()
    {
        using var browser = server.Browse();
        var request = new { token = server.SetupToken, name = "eve", password = AppServer.Password };
        await browser.SendAsync(HttpMethod.Post, "/app/setup", request)
            .ErrorAsync(HttpStatusCode.Forbidden, "setup_link_invalid");
        Assert.False((await browser.SessionAsync()).GetProperty("needs_setup").GetBoolean());
    }

    [Fact]
    public async Task Passwords_are_stored_as_salted_hashes()
    {
        await using var db = server.Database.Open();
        var hash = db.Users.Single(user => user.Name == "ada").PasswordHash;
        Assert.DoesNotContain(AppServer.Password, hash, StringComparison.Ordinal);
        Assert.Equal(PasswordVerificationResult.Success, new PasswordHasher<string>().VerifyHashedPassword("", hash, AppServer.Password));
    }
}

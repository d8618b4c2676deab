using System.Net;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.App;

/// <summary>Permissions of a session: the API of its own account and the pages of its role.</summary>
public sealed class AccessTests(AppServer server) : IClassFixture<AppServer>
{
    private static object IndexNamed(string name)
        => new { engine_id = "marengo2", index_name = name, index_options = new[] { "visual" } };

    [Fact]
    public async Task A_session_calls_the_API_for_its_own_account()
    {
        using var ours = await server.SignedInAsync(account: "ours");
        using var theirs = await server.SignedInAsync(account: "theirs");

        var index = (await ours.SendAsync(HttpMethod.Post, "/v1.1/indexes", IndexNamed("holiday")).JsonAsync(HttpStatusCode.Created)).Id();

        Assert.Equal([index], (await ours.Http.GetAsync("/v1.1/indexes").JsonAsync()).Data().Select(row => row.Id()));
        Assert.Empty((await theirs.Http.GetAsync("/v1.1/indexes").JsonAsync()).Data());
        await theirs.Http.GetAsync($"/v1.1/indexes/{index}").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        Assert.Equal(0, (await ours.Http.GetAsync("/admin/webhooks").JsonAsync()).GetProperty("page_info").GetProperty("total_results")
            .GetInt32());
    }

    [Fact]
    public async Task Write_requests_need_the_anti_forgery_token_of_the_session()
    {
        using var browser = await server.SignedInAsync();
        using var other = await server.SignedInAsync();
        var foreign = (await other.SessionAsync()).GetProperty("token").GetString();
        foreach (var token in new[] { null, "unknown", foreign })
        {
            await browser.SendAsync(HttpMethod.Post, "/v1.1/indexes", token, IndexNamed("stolen"))
                .ErrorAsync(HttpStatusCode.Forbidden, "session_token_invalid");
            await browser.SendAsync(HttpMethod.Post, "/app/keys", token, new { name = "stolen" })
                .ErrorAsync(HttpStatusCode.Forbidden, "session_token_invalid");
        }
    }

    [Fact]
    public async Task A_key_needs_no_token_and_a_wrong_key_is_refused_despite_the_session()
    {
        using var browser = await server.SignedInAsync();
        var created = await browser.SendAsync(HttpMethod.Post, "/app/keys", new { name = "program" }).JsonAsync(HttpStatusCode.Created);
        using var program = server.Browse();
        program.Http.DefaultRequestHeaders.Add("x-api-key", created.GetProperty("secret").GetString());
        // Requests with an API key need no anti-forgery token.
        await program.SendAsync(HttpMethod.Post, "/v1.1/indexes", null, IndexNamed("by a program")).JsonAsync(HttpStatusCode.Created);

        browser.Http.DefaultRequestHeaders.Add("x-api-key", "tlk_WRONG");
        await browser.Http.GetAsync("/v1.1/indexes").ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid");
    }

    [Fact]
    public async Task Members_have_no_access_to_pages_for_administrators()
    {
        using var member = await server.SignedInAsync(UserRole.Member);
        foreach (var path in new[] { "/app/users", "/app/server", "/app/jobs" })
            await member.Http.GetAsync(path).ErrorAsync(HttpStatusCode.Forbidden, "administrator_only");
        await member.SendAsync(HttpMethod.Post, "/app/users",
            new { name = "eve", account = "default", role = "administrator", password = AppServer.Password })
            .ErrorAsync(HttpStatusCode.Forbidden, "administrator_only");
    }

    [Fact]
    public async Task An_administrator_creates_users_sets_their_passwords_and_deletes_them()
    {
        using var administrator = await server.SignedInAsync();
        object With(string name, string password = AppServer.Password, string role = "member")
            => new { name, account = "studio", role, password };

        var created = await administrator.SendAsync(HttpMethod.Post, "/app/users", With("Grace")).JsonAsync(HttpStatusCode.Created);
        Assert.Equal(("grace", "studio", "member"), (created.GetProperty("name").GetString(), created.GetProperty("account").GetString(),
            created.GetProperty("role").GetString()));
        await administrator.SendAsync(HttpMethod.Post, "/app/users", With("grace"))
            .ErrorAsync(HttpStatusCode.Conflict, "user_name_already_exists");
        foreach (var wrong in new[] { With("two words"), With(""), With("short", "elevenchars"), With("boss", role: "owner") })
            await administrator.SendAsync(HttpMethod.Post, "/app/users", wrong).ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");

        using var grace = server.Browse("203.0.113.9");
        await grace.SignInAsync("grace").EmptyAsync(HttpStatusCode.NoContent);
        await administrator.SendAsync(HttpMethod.Put, $"/app/users/{created.Id()}/password", new { password = "a quite different one" })
            .EmptyAsync(HttpStatusCode.NoContent);
        Assert.False(await grace.IsSignedInAsync());
        await administrator.SendAsync(HttpMethod.Delete, $"/app/users/{created.Id()}").EmptyAsync(HttpStatusCode.NoContent);
        await administrator.SendAsync(HttpMethod.Delete, $"/app/users/{created.Id()}")
            .ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        var me = (await administrator.Http.GetAsync("/app/users").JsonAsync()).Data()
            .Single(user => user.GetProperty("name").GetString() == administrator.User);
        await administrator.SendAsync(HttpMethod.Delete, $"/app/users/{me.Id()}")
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
    }

    [Fact]
    public async Task Keys_are_created_regenerated_and_revoked_in_their_own_account_only()
    {
        using var ours = await server.SignedInAsync(UserRole.Member, "keys ours");
        using var theirs = await server.SignedInAsync(UserRole.Member, "keys theirs");
        var key = (await ours.SendAsync(HttpMethod.Post, "/app/keys", new { name = " laptop " }).JsonAsync(HttpStatusCode.Created))
            .GetProperty("key");
        Assert.Equal("laptop", key.GetProperty("name").GetString());
        Assert.Empty((await theirs.Http.GetAsync("/app/keys").JsonAsync()).Data());
        await theirs.SendAsync(HttpMethod.Delete, $"/app/keys/{key.Id()}").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await theirs.SendAsync(HttpMethod.Post, $"/app/keys/{key.Id()}/regenerate")
            .ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");

        var next = await ours.SendAsync(HttpMethod.Post, $"/app/keys/{key.Id()}/regenerate").JsonAsync(HttpStatusCode.Created);
        var rows = (await ours.Http.GetAsync("/app/keys").JsonAsync()).Data();
        Assert.Equal([false, true], rows.Select(row => row.TryGetProperty("revoked_at", out _)).Order());
        await ours.SendAsync(HttpMethod.Delete, $"/app/keys/{next.GetProperty("key").Id()}").EmptyAsync(HttpStatusCode.NoContent);
        rows = (await ours.Http.GetAsync("/app/keys").JsonAsync()).Data();
        Assert.All(rows, row => Assert.True(row.TryGetProperty("revoked_at", out _)));
    }

    [Fact]
    public async Task The_last_use_of_a_key_is_recorded_to_the_minute()
    {
        using var browser = await server.SignedInAsync(account: "use");
        var created = await browser.SendAsync(HttpMethod.Post, "/app/keys", new { name = "used" }).JsonAsync(HttpStatusCode.Created);
        Assert.False(created.GetProperty("key").TryGetProperty("last_used_at", out _));
        using var program = server.Browse();
        program.Http.DefaultRequestHeaders.Add("x-api-key", created.GetProperty("secret").GetString());
        async Task<DateTimeOffset?> UseAsync()
        {
            await program.Http.GetAsync("/v1.1/engines").JsonAsync();
            await using var db = server.Database.Open();
            return (await db.ApiKeys.SingleAsync(key => key.Id == created.GetProperty("key").Id())).LastUsedAt;
        }

        var first = await UseAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(first, await UseAsync());
        server.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(first + TimeSpan.FromSeconds(61), await UseAsync());
    }
}

using System.Net;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.App;

/// <summary>A server without users.</summary>
public sealed class FirstStartTests(DatabaseTemplate template)
{
    [Fact]
    public async Task The_one_time_link_creates_the_administrator_and_signs_in()
    {
        await using var server = new AppServer(template);
        await server.InitializeAsync();
        using var browser = server.Browse();
        Assert.True((await browser.SessionAsync()).GetProperty("needs_setup").GetBoolean());
        Task<HttpResponseMessage> SetUpAsync(string token, string password)
            => browser.SendAsync(HttpMethod.Post, "/app/setup", new { token, name = "admin", password });

        await SetUpAsync("wrong", AppServer.Password).ErrorAsync(HttpStatusCode.Forbidden, "setup_link_invalid");
        await SetUpAsync(server.SetupToken, "too short").ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        await SetUpAsync(server.SetupToken, AppServer.Password).EmptyAsync(HttpStatusCode.NoContent);

        Assert.Equal("administrator", (await browser.SessionAsync()).GetProperty("user").GetProperty("role").GetString());
        using var second = server.Browse();
        var request = new { token = server.SetupToken, name = "eve", password = AppServer.Password };
        await second.SendAsync(HttpMethod.Post, "/app/setup", request)
            .ErrorAsync(HttpStatusCode.Forbidden, "setup_link_invalid");
    }
}

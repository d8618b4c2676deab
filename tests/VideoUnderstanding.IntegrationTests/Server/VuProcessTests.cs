using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.Server.Database;

namespace VideoUnderstanding.IntegrationTests.Server;

/// <summary>The program as an operator meets it: started, stopped, killed, asked.</summary>
public sealed class VuProcessTests
{
    [Fact]
    public async Task A_server_without_models_lives_and_says_how_to_get_them()
    {
        await using var folder = new DataFolder();
        await using var server = await VuProcess.ServeAsync(folder);

        var (status, answer) = await ReadinessAsync(server);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.True((bool)Check(answer, "database")["ok"]!);
        Assert.False((bool)Check(answer, "model:VisualText")["ok"]!);
        Assert.Contains("vu models fetch", (string)Check(answer, "model:VisualText")["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_made_beside_the_running_server_opens_it_until_it_is_regenerated_or_revoked()
    {
        await using var folder = new DataFolder();
        await using var server = await VuProcess.ServeAsync(folder);
        var key = await VuProcess.RunAsync(folder, "keys", "create", "--name", "beside", "--quiet");
        Assert.Matches("^tlk_[A-Z0-9]+$", key);

        Assert.Equal(HttpStatusCode.OK, await ListIndexesAsync(server, key));
        var next = await VuProcess.RunAsync(folder, "keys", "regenerate", key[..10], "--quiet");
        Assert.Equal(HttpStatusCode.Unauthorized, await ListIndexesAsync(server, key));
        Assert.Equal(HttpStatusCode.OK, await ListIndexesAsync(server, next));
        await VuProcess.RunAsync(folder, "keys", "revoke", next[..10]);
        Assert.Equal(HttpStatusCode.Unauthorized, await ListIndexesAsync(server, next));
    }

    [Fact]
    public async Task The_dashboard_of_a_running_server_is_opened_and_closed_beside_it()
    {
        await using var folder = new DataFolder();
        await using var server = await VuProcess.ServeAsync(folder);
        async Task<HttpStatusCode> LoginAsync() => (await server.Http.GetAsync("/dashboard/login")).StatusCode;

        Assert.Equal(HttpStatusCode.NotFound, await LoginAsync());
        var refused = await Assert.ThrowsAsync<ToolException>(() => VuProcess.TellAsync(folder, "too short", "dashboard", "password"));
        Assert.Contains("12 to 200 characters", refused.ErrorTail, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await LoginAsync());
        await VuProcess.TellAsync(folder, "correct horse battery", "dashboard", "password");
        Assert.Equal(HttpStatusCode.OK, await LoginAsync());
        await VuProcess.RunAsync(folder, "dashboard", "close");
        Assert.Equal(HttpStatusCode.NotFound, await LoginAsync());
    }

    [Fact]
    public async Task A_key_made_before_the_first_start_outlives_stop_and_kill()
    {
        await using var folder = new DataFolder();
        var key = await VuProcess.RunAsync(folder, "keys", "create", "--name", "early", "--quiet");
        Assert.Null(new ClusterFolder(folder.Path).Running());

        await using (var stopped = await VuProcess.ServeAsync(folder))
        {
            Assert.Equal(HttpStatusCode.OK, await ListIndexesAsync(stopped, key));
            Assert.Equal(0, await stopped.StopAsync());
            Assert.Null(new ClusterFolder(folder.Path).Running());
        }
        await using (var killed = await VuProcess.ServeAsync(folder))
            await killed.KillAsync();
        Assert.NotNull(new ClusterFolder(folder.Path).Running());

        await using var last = await VuProcess.ServeAsync(folder);
        Assert.Equal(HttpStatusCode.OK, await ListIndexesAsync(last, key));
        Assert.Equal(0, await last.StopAsync());
        Assert.Null(new ClusterFolder(folder.Path).Running());
    }

    [Fact]
    public async Task What_a_killed_server_was_receiving_is_gone_once_the_next_one_listens()
    {
        await using var folder = new DataFolder();
        var incoming = Directory.CreateDirectory(Path.Combine(folder.Path, "incoming")).FullName;
        var thumbnails = Directory.CreateDirectory(Path.Combine(folder.Path, "thumbnails", "6b04747933240d036343d7a8")).FullName;
        string[] unfinished = [Path.Combine(incoming, "half of a video"), Path.Combine(thumbnails, ".2500.jpeg.1f.tmp")];
        var whole = Path.Combine(thumbnails, "2500.jpeg");
        foreach (var path in (string[])[.. unfinished, whole])
            await File.WriteAllTextAsync(path, "bytes");

        await using var server = await VuProcess.ServeAsync(folder);

        Assert.All(unfinished, path => Assert.False(File.Exists(path), path));
        Assert.True(File.Exists(whole));
    }

    [Fact]
    public async Task A_database_killed_under_the_server_comes_back()
    {
        await using var folder = new DataFolder();
        await using var server = await VuProcess.ServeAsync(folder);
        await DataFolder.KillAsync(new ClusterFolder(folder.Path).Running()!.ProcessId);

        var ok = false;
        for (var begin = TimeProvider.System.GetTimestamp(); !ok && TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromSeconds(60); await Task.Delay(200))
            ok = (bool)Check((await ReadinessAsync(server)).Answer, "database")["ok"]!;
        Assert.True(ok);
    }

    [Fact]
    public async Task The_doctor_names_what_is_missing_and_fails()
    {
        await using var folder = new DataFolder();
        var report = await Assert.ThrowsAsync<ToolException>(() => VuProcess.RunAsync(folder, "doctor"));
        Assert.Equal(1, report.ExitCode);
    }

    [Fact]
    public async Task A_misspelt_option_is_refused()
    {
        await using var folder = new DataFolder();
        var refusal = await Assert.ThrowsAsync<ToolException>(() => VuProcess.RunAsync(folder, "serve", "--data=elsewhere"));
        Assert.Contains("Unknown option: --data=elsewhere", refusal.ErrorTail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_can_not_be_read_is_told_in_one_sentence()
    {
        await using var folder = new DataFolder();
        var refusal = await Assert.ThrowsAsync<ToolException>(() => VuProcess.RunAsync(folder, "serve", "--VideoUnderstanding:Limits:MinShortSide=abc"));
        Assert.Contains("'VideoUnderstanding:Limits:MinShortSide'", refusal.ErrorTail, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refusal.ErrorTail, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, JsonNode Answer)> ReadinessAsync(VuProcess server)
    {
        while (true)
        {
            using var response = await server.Http.GetAsync("/health/ready");
            var answer = (await response.Content.ReadFromJsonAsync<JsonNode>())!;
            if (answer["checks"]!.AsArray().All(check => (string?)check!["name"] != VideoUnderstanding.Server.Health.Readiness.Loading))
                return (response.StatusCode, answer);
            await Task.Delay(100);
        }
    }

    private static JsonNode Check(JsonNode answer, string name) => answer["checks"]!.AsArray().Single(check => (string?)check!["name"] == name)!;

    private static async Task<HttpStatusCode> ListIndexesAsync(VuProcess server, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1.1/indexes");
        request.Headers.Add("x-api-key", key);
        using var response = await server.Http.SendAsync(request);
        return response.StatusCode;
    }
}

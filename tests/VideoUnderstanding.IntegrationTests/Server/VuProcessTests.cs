using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.IntegrationTests.Server;

/// <summary>The program as a process: start, stop, kill, verbs and health checks.</summary>
public sealed class VuProcessTests
{
    [Fact]
    public async Task A_server_without_models_runs_and_explains_how_to_install_them()
    {
        await using var folder = new DataFolder();
        await using var server = await VuProcess.ServeAsync(folder);

        var (status, answer) = await ReadinessAsync(server);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.True((bool)Check(answer, "database")["ok"]!);
        Assert.True((bool)Check(answer, "disk")["ok"]!);
        Assert.False((bool)Check(answer, "model:VisualText")["ok"]!);
        Assert.Contains("vu models fetch", (string)Check(answer, "model:VisualText")["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_created_while_the_server_runs_is_valid_until_it_is_regenerated_or_revoked()
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
    public async Task The_password_of_the_administrator_is_set_while_the_server_runs()
    {
        await using var folder = new DataFolder();
        await using var server = await VuProcess.ServeAsync(folder);
        async Task<bool> NeedsSetupAsync()
            => (await server.Http.GetFromJsonAsync<JsonElement>("/app/session")).GetProperty("needs_setup").GetBoolean();
        // Standard output is not a terminal here, so the link is in a file.
        var link = Path.Combine(folder.Path, "setup-link");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(link));
        Assert.StartsWith($"{server.Http.BaseAddress}setup#", await File.ReadAllTextAsync(link), StringComparison.Ordinal);

        Assert.True(await NeedsSetupAsync());
        var refused = await Assert.ThrowsAsync<ToolException>(
            () => VuProcess.RunWithInputAsync(folder, "too short", "dashboard", "password"));
        Assert.Contains("12 to 200 characters", refused.ErrorTail, StringComparison.Ordinal);
        Assert.True(await NeedsSetupAsync());
        await VuProcess.RunWithInputAsync(folder, "correct horse battery", "dashboard", "password");
        Assert.False(await NeedsSetupAsync());
        await VuProcess.RunWithInputAsync(folder, "another long password", "dashboard", "password");
        Assert.False(await NeedsSetupAsync());
    }

    [Fact]
    public async Task The_first_key_and_one_created_between_two_starts_survive_stop_and_kill()
    {
        await using var folder = new DataFolder();
        await using (var first = await VuProcess.ServeAsync(folder))
            Assert.Equal(0, await first.StopAsync());
        // Standard output is not a terminal here, so the key is in a file.
        var file = Path.Combine(folder.Path, "first-api-key");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var firstKey = (await File.ReadAllTextAsync(file)).Trim();
        Assert.Matches("^tlk_[A-Z0-9]+$", firstKey);
        var key = await VuProcess.RunAsync(folder, "keys", "create", "--name", "early", "--quiet");
        Assert.Null(new ClusterFolder(folder.Path).Running());

        await using (var stopped = await VuProcess.ServeAsync(folder))
        {
            Assert.Equal(HttpStatusCode.OK, await ListIndexesAsync(stopped, key));
            Assert.Equal(HttpStatusCode.OK, await ListIndexesAsync(stopped, firstKey));
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
    public async Task Incomplete_uploads_of_a_killed_server_are_removed_at_the_next_start()
    {
        await using var folder = new DataFolder();
        var incoming = Directory.CreateDirectory(Path.Combine(folder.Path, "incoming")).FullName;
        var thumbnails = Directory.CreateDirectory(Path.Combine(folder.Path, "thumbnails", "6b04747933240d036343d7a8")).FullName;
        string[] unfinished = [Path.Combine(incoming, "half of a video"), Path.Combine(incoming, ".half of a picture.tmp")];
        var whole = Path.Combine(thumbnails, "2500.jpeg");
        foreach (var path in (string[])[.. unfinished, whole])
            await File.WriteAllTextAsync(path, "bytes");

        await using var server = await VuProcess.ServeAsync(folder);

        Assert.All(unfinished, path => Assert.False(File.Exists(path), path));
        Assert.True(File.Exists(whole));
    }

    [Fact]
    public async Task A_killed_database_is_restarted_by_the_server()
    {
        await using var folder = new DataFolder();
        await using var server = await VuProcess.ServeAsync(folder);
        await DataFolder.KillAsync(new ClusterFolder(folder.Path).Running()!.ProcessId);

        var ok = false;
        for (var begin = TimeProvider.System.GetTimestamp(); !ok && TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromMinutes(3);
            await Task.Delay(200))
            ok = (bool)Check((await ReadinessAsync(server)).Answer, "database")["ok"]!;
        Assert.True(ok);
    }

    [Fact]
    public async Task The_doctor_lists_missing_requirements_and_fails()
    {
        await using var folder = new DataFolder();
        var report = await Assert.ThrowsAsync<ToolException>(() => VuProcess.RunAsync(folder, "doctor"));
        Assert.Equal(1, report.ExitCode);
    }

    [Fact]
    public async Task A_misspelled_option_is_refused()
    {
        await using var folder = new DataFolder();
        var refusal = await Assert.ThrowsAsync<ToolException>(() => VuProcess.RunAsync(folder, "serve", "--dta=elsewhere"));
        Assert.Contains("--dta=elsewhere", refusal.ErrorTail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keys list")]
    [InlineData("keys create --name laptop")]
    [InlineData("webhooks list")]
    [InlineData("logos list")]
    [InlineData("dashboard password")]
    [InlineData("backup copy")]
    public async Task A_verb_without_an_installation_reports_its_data_folder_and_creates_nothing(string verb)
    {
        await using var folder = new DataFolder();

        var (code, output, error) = await VuProcess.RunPlainlyAsync(folder.Path, verb.Split(' '));
        Assert.Equal((1, ""), (code, output));
        Assert.Contains($"Data folder: {folder.Path}/data", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        var elsewhere = Path.Combine(folder.Path, "elsewhere");
        (code, _, error) = await VuProcess.RunPlainlyAsync(folder.Path, [.. verb.Split(' '), "--data", "elsewhere"]);
        Assert.Equal(1, code);
        Assert.Contains($"Data folder: {elsewhere}", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task The_doctor_creates_no_data_folder()
    {
        await using var folder = new DataFolder();
        var (_, output, error) = await VuProcess.RunPlainlyAsync(folder.Path, "doctor");
        Assert.Contains($"Data folder: {folder.Path}/data", error, StringComparison.Ordinal);
        Assert.Matches($"ok +data folder +{folder.Path}/data", output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Every_verb_accepts_the_data_folder_setting_of_the_server()
    {
        await using var folder = new DataFolder();
        await using (var server = await VuProcess.ServeAsync(folder))
        {
            foreach (var place in new[] { "--data=" + folder.Path, "--VideoUnderstanding:DataFolder=" + folder.Path })
            {
                var (code, output, error) = await VuProcess.RunPlainlyAsync("/tmp", "keys", place, "list", "--urls=http://127.0.0.1:1");
                Assert.True(code == 0, error);
                Assert.Contains("first", output, StringComparison.Ordinal);
                Assert.Equal($"Data folder: {folder.Path}", error);
            }
            Assert.Equal(0, await server.StopAsync());
        }
        var (help, text, _) = await VuProcess.RunPlainlyAsync("/tmp", "webhooks", "add", "--help");
        Assert.Equal(0, help);
        Assert.Contains("--data", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_occupied_port_is_reported_in_one_line()
    {
        await using var folder = new DataFolder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://{listener.LocalEndpoint}";
        var refusal = await Assert.ThrowsAsync<ToolException>(() => VuProcess.RunAsync(folder, "serve", $"--urls={address}"));
        Assert.Equal(1, refusal.ExitCode);
        var lines = refusal.ErrorTail.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([$"Data folder: {folder.Path}"], lines[..^1]);
        Assert.Contains(address, lines[^1], StringComparison.Ordinal);
        Assert.Contains("--urls=", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_makes_the_server_not_ready()
    {
        await using var folder = new DataFolder
        {
            Settings = [$"VideoUnderstanding__MinFreeBytes={long.MaxValue}"],
        };
        await using var server = await VuProcess.ServeAsync(folder);
        var (status, answer) = await ReadinessAsync(server);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.False((bool)Check(answer, "disk")["ok"]!);
        Assert.Contains("MinFreeBytes", (string)Check(answer, "disk")["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invalid_setting_is_reported_without_a_stack_trace()
    {
        await using var folder = new DataFolder();
        var refusal = await Assert.ThrowsAsync<ToolException>(
            () => VuProcess.RunAsync(folder, "serve", "--VideoUnderstanding:Limits:MinShortSide=abc"));
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

    private static JsonNode Check(JsonNode answer, string name)
        => answer["checks"]!.AsArray().Single(check => (string?)check!["name"] == name)!;

    private static async Task<HttpStatusCode> ListIndexesAsync(VuProcess server, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1.1/indexes");
        request.Headers.Add("x-api-key", key);
        using var response = await server.Http.SendAsync(request);
        return response.StatusCode;
    }
}

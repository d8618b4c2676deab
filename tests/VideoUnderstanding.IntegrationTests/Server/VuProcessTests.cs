using System.Net;
using System.Net.Sockets;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.IntegrationTests.Server;

/// <summary>The program as a process: start, stop, kill, verbs and health checks.</summary>
public sealed class VuProcessTests
{
    [Fact]
    public async Task Keys_survive_a_stop_a_killed_database_and_a_killed_server()
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

        await using (var second = await VuProcess.ServeAsync(folder))
        {
            Assert.Equal(HttpStatusCode.OK, await second.ListIndexesAsync(key));
            await DataFolder.KillAsync(new ClusterFolder(folder.Path).Running()!.ProcessId);
            await WaitForDatabaseAsync(second);
            Assert.Equal(HttpStatusCode.OK, await second.ListIndexesAsync(firstKey));
            await second.KillAsync();
        }
        Assert.NotNull(new ClusterFolder(folder.Path).Running());

        await using var last = await VuProcess.ServeAsync(folder);
        Assert.Equal(HttpStatusCode.OK, await last.ListIndexesAsync(key));
        Assert.Equal(0, await last.StopAsync());
        Assert.Null(new ClusterFolder(folder.Path).Running());
    }

    /// <summary>Waits until a server has restarted its killed database.</summary>
    private static async Task WaitForDatabaseAsync(VuProcess server)
    {
        for (var begin = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromMinutes(3);
            await Task.Delay(200))
            if ((bool)VuProcess.Check((await server.ReadinessAsync()).Answer, "database")["ok"]!)
                return;
        Assert.Fail("The server did not restart its database.");
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
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task The_data_option_names_a_folder_relative_to_that_of_the_caller()
    {
        await using var folder = new DataFolder();
        var (code, _, error) = await VuProcess.RunPlainlyAsync(folder.Path, "keys", "list", "--data", "elsewhere");
        Assert.Equal(1, code);
        Assert.Contains($"Data folder: {Path.Combine(folder.Path, "elsewhere")}", error, StringComparison.Ordinal);
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
    public async Task An_invalid_setting_is_reported_without_a_stack_trace()
    {
        await using var folder = new DataFolder();
        // Another server may use the default address.
        var refusal = await Assert.ThrowsAsync<ToolException>(
            () => VuProcess.RunAsync(folder, "serve", "--urls=http://127.0.0.1:0", "--VideoUnderstanding:Limits:MinShortSide=abc"));
        Assert.Contains("'VideoUnderstanding:Limits:MinShortSide'", refusal.ErrorTail, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refusal.ErrorTail, StringComparison.Ordinal);
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.IntegrationTests.Server;

/// <summary>Test classes that share one server. They run one after another.</summary>
[CollectionDefinition(nameof(RunningVu))]
public sealed class RunningVuCollection : ICollectionFixture<RunningVu>;

/// <summary>A running server without models. Before it was started, its folder had files of incomplete uploads and a thumbnail.</summary>
public sealed class RunningVu : IAsyncLifetime
{
    /// <summary>A folder below which the server may watch folders.</summary>
    public string WatchRoot { get; } = Directory.CreateTempSubdirectory("vu-roots-").FullName;

    internal DataFolder Folder { get; private set; } = null!;

    internal VuProcess Server { get; private set; } = null!;

    public IReadOnlyList<string> Incomplete
        => [Path.Combine(Folder.Path, "incoming", "half of a video"), Path.Combine(Folder.Path, "incoming", ".half of a picture.tmp")];

    public string Thumbnail => Path.Combine(Folder.Path, "thumbnails", "6b04747933240d036343d7a8", "2500.jpeg");

    public async ValueTask InitializeAsync()
    {
        Folder = new DataFolder
        {
            // The long settle time prevents the server's own scans from indexing the files.
            Settings = [$"VideoUnderstanding__Integrations__Folders__0={WatchRoot}",
                "VideoUnderstanding__Integrations__SettleSeconds=86400"],
        };
        foreach (var path in (string[])[.. Incomplete, Thumbnail])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, "bytes");
        }
        Server = await VuProcess.ServeAsync(Folder);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Folder.DisposeAsync();
        Directory.Delete(WatchRoot, recursive: true);
    }
}

/// <summary>Requests and verbs beside one running server.</summary>
[Collection(nameof(RunningVu))]
public sealed class RunningVuTests(RunningVu running)
{
    private DataFolder Folder => running.Folder;

    private VuProcess Server => running.Server;

    [Fact]
    public void Incomplete_uploads_of_a_killed_server_are_removed_at_the_next_start()
    {
        Assert.All(running.Incomplete, path => Assert.False(File.Exists(path), path));
        Assert.True(File.Exists(running.Thumbnail));
    }

    [Fact]
    public async Task A_server_without_models_runs_and_explains_how_to_install_them()
    {
        var (status, answer) = await Server.ReadinessAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.True((bool)VuProcess.Check(answer, "database")["ok"]!);
        Assert.True((bool)VuProcess.Check(answer, "disk")["ok"]!);
        Assert.False((bool)VuProcess.Check(answer, "model:VisualText")["ok"]!);
        Assert.Contains("vu models fetch", (string)VuProcess.Check(answer, "model:VisualText")["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_created_while_the_server_runs_is_valid_until_it_is_regenerated_or_revoked()
    {
        var key = await VuProcess.RunAsync(Folder, "keys", "create", "--name", "beside", "--quiet");
        Assert.Matches("^tlk_[A-Z0-9]+$", key);

        Assert.Equal(HttpStatusCode.OK, await Server.ListIndexesAsync(key));
        var next = await VuProcess.RunAsync(Folder, "keys", "regenerate", key[..10], "--quiet");
        Assert.Equal(HttpStatusCode.Unauthorized, await Server.ListIndexesAsync(key));
        Assert.Equal(HttpStatusCode.OK, await Server.ListIndexesAsync(next));
        await VuProcess.RunAsync(Folder, "keys", "revoke", next[..10]);
        Assert.Equal(HttpStatusCode.Unauthorized, await Server.ListIndexesAsync(next));
    }

    [Fact]
    public async Task The_password_of_the_administrator_is_set_while_the_server_runs()
    {
        async Task<bool> NeedsSetupAsync()
            => (await Server.Http.GetFromJsonAsync<JsonElement>("/app/session")).GetProperty("needs_setup").GetBoolean();
        // Standard output is not a terminal here, so the link is in a file.
        var link = Path.Combine(Folder.Path, "setup-link");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(link));
        Assert.StartsWith($"{Server.Http.BaseAddress}setup#", await File.ReadAllTextAsync(link), StringComparison.Ordinal);

        Assert.True(await NeedsSetupAsync());
        var refused = await Assert.ThrowsAsync<ToolException>(
            () => VuProcess.RunWithInputAsync(Folder, "too short", "dashboard", "password"));
        Assert.Contains("12 to 200 characters", refused.ErrorTail, StringComparison.Ordinal);
        Assert.True(await NeedsSetupAsync());
        await VuProcess.RunWithInputAsync(Folder, "correct horse battery", "dashboard", "password");
        Assert.False(await NeedsSetupAsync());
        await VuProcess.RunWithInputAsync(Folder, "another long password", "dashboard", "password");
        Assert.False(await NeedsSetupAsync());
    }

    [Fact]
    public async Task Every_verb_accepts_the_data_folder_setting_of_the_server()
    {
        foreach (var place in new[] { "--data=" + Folder.Path, "--VideoUnderstanding:DataFolder=" + Folder.Path })
        {
            var (code, output, error) = await VuProcess.RunPlainlyAsync("/tmp", "keys", place, "list", "--urls=http://127.0.0.1:1");
            Assert.True(code == 0, error);
            Assert.Contains("first", output, StringComparison.Ordinal);
            Assert.Equal($"Data folder: {Folder.Path}", error);
        }
        var (help, text, _) = await VuProcess.RunPlainlyAsync("/tmp", "webhooks", "add", "--help");
        Assert.Equal(0, help);
        Assert.Contains("--data", text, StringComparison.Ordinal);
    }
}

using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using VideoUnderstanding.EndToEndTests.Support;

namespace VideoUnderstanding.EndToEndTests.Backups;

/// <summary>Restoring a backup, and refusing incomplete or changed backups.</summary>
public sealed class BackupTests(BackedUpServer server) : IClassFixture<BackedUpServer>
{
    [Fact]
    public async Task A_restored_server_returns_the_same_responses_as_the_original()
    {
        var restored = server.Program("restored");
        await restored.RunAsync("restore", server.Backup);
        await using var running = await restored.ServeAsync();
        var api = running.Client(server.Key);

        var answers = await server.Recording.TakeAsync(api.Http);

        // The other responses are errors: for the deleted index, and for thumbnails of the failed video.
        Assert.True(server.Answers.Values.Count(answer => answer.StartsWith("200 ", StringComparison.Ordinal)) > 35,
            string.Join('\n', server.Answers));
        Assert.All(server.Answers, answer => Assert.Matches("^(200|400|404) ", answer.Value));
        Assert.Equal(server.Answers.Keys, answers.Keys);
        Assert.All(server.Answers, answer => Assert.Equal(answer.Value, answers[answer.Key]));
        await AssertEveryVideoHasItsFileAsync(api, restored.DataFolder);

        server.External.Allow();
        foreach (var task in server.Waiting)
            Assert.Equal("ready", (await api.FinishedTaskAsync(task)).GetProperty("status").GetString());
    }

    [Fact]
    public void Only_the_owner_can_read_a_backup()
    {
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(server.Backup));
        Assert.All(Directory.EnumerateFiles(server.Backup, "*", SearchOption.AllDirectories),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task A_backup_is_restored_into_a_configured_database_only_if_it_is_empty()
    {
        await using var database = await FreshDatabase.CreateAsync(TestContext.Current.CancellationToken);
        var foreign = $"ConnectionStrings:Database={database.ConnectionString}";

        await server.Program("beside", foreign).RunAsync("restore", server.Backup);

        Assert.True(await database.CountAsync("videos", TestContext.Current.CancellationToken) >= 4);
        Assert.Contains("database is not empty", await server.Program("beside-again", foreign).RefusalAsync("restore", server.Backup),
            StringComparison.Ordinal);
        // The refused restore left an unfinished data folder, which other commands refuse.
        Assert.Contains("was interrupted", await server.Program("beside-again").RefusalAsync("keys", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_restore_can_be_repeated()
    {
        var program = server.Program("broken-off");
        Directory.CreateDirectory(Path.Combine(program.DataFolder, "videos"));
        await File.WriteAllTextAsync(Path.Combine(program.DataFolder, "restore.unfinished"), "");
        await File.WriteAllTextAsync(Path.Combine(program.DataFolder, "videos", "64007e509a4b2f0c1d3e5c20"), "half");

        Assert.Contains("was interrupted", await program.RefusalAsync("serve", "--urls=http://127.0.0.1:0"), StringComparison.Ordinal);
        await program.RunAsync("restore", server.Backup);

        Assert.False(File.Exists(Path.Combine(program.DataFolder, "videos", "64007e509a4b2f0c1d3e5c20")));
        Assert.Contains("before", await program.RunAsync("keys", "list"), StringComparison.Ordinal);
        foreach (var folder in new[] { "videos", "transcripts" }.Select(name => Path.Combine(program.DataFolder, name)))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
            Assert.NotEmpty(Directory.EnumerateFiles(folder));
            Assert.All(Directory.EnumerateFiles(folder),
                file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        }
    }

    [Fact]
    public async Task Restore_and_backup_refuse_folders_that_are_in_use()
    {
        var program = server.Program("data");
        Assert.Contains("is not empty", await program.RefusalAsync("restore", server.Backup), StringComparison.Ordinal);
        Assert.Contains("is there already", await program.RefusalAsync("backup", server.Backup), StringComparison.Ordinal);
        Assert.Contains("inside the data folder", await program.RefusalAsync("backup", Path.Combine(program.DataFolder, "copy")),
            StringComparison.Ordinal);
        Assert.Contains("nothing to back up", await server.Program("never").RefusalAsync("backup", server.PathOf("never-backup")),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("database.dump", "has changed since the backup")]
    [InlineData("files/transcripts/*", "has changed since the backup")]
    [InlineData("files/videos/*", "has changed since the backup")]
    [InlineData("-files/videos/*", "is missing")]
    [InlineData("-manifest.json", "is not a complete backup")]
    [InlineData("format", "has the format 2")]
    [InlineData("newer migration", "newer version")]
    [InlineData("older migration", "layout of a version before 1.0")]
    [InlineData("path", "manifest.json is damaged")]
    public async Task A_changed_or_incomplete_backup_is_refused(string change, string refusal)
    {
        var copy = server.PathOf($"changed-{Guid.NewGuid():N}");
        Copy(server.Backup, copy);
        Change(copy, change);
        var program = server.Program(Path.GetFileName(copy) + "-data");

        Assert.Contains(refusal, await program.RefusalAsync("restore", copy), StringComparison.Ordinal);

        Assert.False(Directory.Exists(program.DataFolder) && Directory.EnumerateFileSystemEntries(program.DataFolder).Any());
    }

    private async Task AssertEveryVideoHasItsFileAsync(ApiClient api, string dataFolder)
    {
        var busy = (await api.GetAsync($"indexes/{server.BusyIndex}/videos?page_limit=50")).Expect(HttpStatusCode.OK);
        var videos = busy.GetProperty("data").EnumerateArray().ToList();
        Assert.True(server.UploadsDuringBackup > 2, $"Only {server.UploadsDuringBackup} uploads came while the backup was made.");
        Assert.All(videos, video => Assert.Equal(
            video.GetProperty("metadata").GetProperty("size").GetInt64(),
            new FileInfo(Path.Combine(dataFolder, "videos", video.GetProperty("_id").GetString()!)).Length));
        Assert.Empty(
            JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(server.Backup, "manifest.json"))).RootElement.GetProperty(
                "missing").EnumerateArray());
    }

    private static void Change(string backup, string change)
    {
        var manifest = Path.Combine(backup, "manifest.json");
        var json = JsonNode.Parse(File.ReadAllBytes(manifest))!;
        if (change is "format" or "newer migration" or "older migration" or "path")
        {
            if (change == "path")
                json["files"]![1]!["path"] = "../outside";
            else if (change == "format")
                json["format"] = 2;
            else
                json["migration"] = change == "newer migration" ? "29990101000000_Newer" : "20261130172154_TaskQueue";
            File.WriteAllText(manifest, json.ToJsonString());
            return;
        }
        var name = change.TrimStart('-');
        var file = name.EndsWith('*') ? Directory.EnumerateFiles(Path.Combine(backup, Path.GetDirectoryName(name)!)).First()
            : Path.Combine(backup, name);
        if (change.StartsWith('-'))
        {
            File.Delete(file);
            return;
        }
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}

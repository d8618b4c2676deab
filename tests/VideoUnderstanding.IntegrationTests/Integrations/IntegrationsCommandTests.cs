using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Server;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.IntegrationTests.Transfers;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.IntegrationTests.Integrations;

/// <summary>The verb <c>integrations</c> of the command line with a running server.</summary>
[Collection(nameof(RunningVu))]
public sealed class IntegrationsCommandTests(RunningVu running, ObjectHost host, SampleClips clips) : IClassFixture<ObjectHost>
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Buckets_and_folders_are_managed_by_the_command_line()
    {
        var folder = running.Folder;
        await host.PutAsync("pier.mp4", clips.WithSound);
        var key = await VuProcess.RunAsync(folder, "keys", "create", "--name", "people", "--quiet");
        string[] connection = ["--server", running.Server.Http.BaseAddress!.ToString(), "--key", key];
        var index = await AddIndexAsync(folder);
        Task<string> RunAsync(params string[] verb) => VuProcess.RunAsync(folder, ["integrations", .. verb, .. connection]);

        string[] add = ["integrations", "add", ObjectHost.Bucket, "--endpoint", host.Address, "--path-style", "--name", "harbour"];
        var refused = await Assert.ThrowsAsync<ToolException>(() => VuProcess.RunWithInputAsync(folder, "wrong",
            [.. add, "--prefix", "none/", "--access-key", "WRONG", .. connection]));
        Assert.Contains("InvalidAccessKeyId", refused.ErrorTail, StringComparison.Ordinal);
        var added = await VuProcess.RunWithInputAsync(folder, ObjectHost.Key, [.. add, "--access-key", ObjectHost.Key, .. connection]);
        var id = Regex.Match(added, @"^([0-9a-f]{24}) \(harbour\): Active$").Groups[1].Value;
        Assert.Equal($"{id} (harbour): Active", await RunAsync("verify", id));
        Assert.Contains("Files: 1 ", await RunAsync("sync", id), StringComparison.Ordinal);
        var listed = JsonNode.Parse(await RunAsync("transfer-file", id, "--index", "films"))!.AsArray();
        Assert.EndsWith("/pier.mp4", (string?)Assert.Single(listed)!["object"], StringComparison.Ordinal);
        Assert.Equal("1 files are being indexed, 0 are left.", await RunAsync("transfer", id, "--index", "films"));
        await WaitForAsync(() => RunAsync("sync", id), "0 new, 0 waiting, 1 indexed");
        Assert.Matches($@"(?m)^{id}  bucket  active +1 +0 +1 +0  harbour$", await RunAsync("list"));

        await WatchAsync(folder, running.WatchRoot, index, RunAsync);
        Assert.Equal($"Removed {id}.", await RunAsync("remove", id));
        Assert.DoesNotContain(id, await RunAsync("list"), StringComparison.Ordinal);
    }

    private async Task WatchAsync(DataFolder folder, string root, string index, Func<string[], Task<string>> runAsync)
    {
        var outside = await Assert.ThrowsAsync<ToolException>(
            () => VuProcess.RunAsync(folder, "integrations", "watch", "/usr/share", "--index", index));
        Assert.Contains("does not lie in a folder", outside.ErrorTail, StringComparison.Ordinal);
        File.Copy(clips.Silent, Path.Combine(root, "quay.mp4"));
        var watched = await VuProcess.RunAsync(folder, "integrations", "watch", root, "--index", "films", "--name", "inbox");
        var id = Regex.Match(watched, "^Id: ([0-9a-f]{24})$", RegexOptions.Multiline).Groups[1].Value;
        Assert.Equal($"{id} (inbox): Active", await runAsync(["verify", id]));
        Assert.Equal("1 files are being indexed, 0 are left.", await runAsync(["transfer", id]));
        await WaitForAsync(() => runAsync(["sync", id]), "0 new, 0 waiting, 1 indexed");
    }

    private static async Task WaitForAsync(Func<Task<string>> show, string part)
    {
        var begin = TimeProvider.System.GetTimestamp();
        for (var shown = await show(); !shown.Contains(part, StringComparison.Ordinal); shown = await show())
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < WaitTimeout, shown);
    }

    /// <summary>This server has no models, so the index has no options and only writes thumbnails.</summary>
    private static async Task<string> AddIndexAsync(DataFolder folder)
    {
        var cluster = new ClusterFolder(folder.Path);
        var options = new DbContextOptionsBuilder<VideoDbContext>();
        options.UseVideoDatabase(cluster.ConnectionString(cluster.Running()!) + ";Pooling=false");
        await using var db = new VideoDbContext(options.Options);
        var now = TimeProvider.System.GetUtcNow();
        var index = new VideoIndex
        {
            Id = ObjectIds.New(TimeProvider.System), Name = "films", EngineId = "marengo2", Options = [], Addons = ["thumbnail"],
            AccountId = (await db.Accounts.SingleAsync(account => account.Name == DefaultAccount.Name)).Id,
            CreatedAt = now, UpdatedAt = now,
        };
        db.Indexes.Add(index);
        await db.SaveChangesAsync();
        return index.Id;
    }
}

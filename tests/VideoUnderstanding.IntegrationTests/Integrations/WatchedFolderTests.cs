using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Integrations;
using VideoUnderstanding.IntegrationTests.App;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;
using VideoUnderstanding.Server.Integrations;

namespace VideoUnderstanding.IntegrationTests.Integrations;

/// <summary>Watched folders, whose new videos the server indexes.</summary>
public sealed class WatchedFolderTests(DatabaseTemplate template, SampleClips clips) : IAsyncLifetime
{
    /// <summary>A file is indexed if it has not changed for a minute. This is a little more.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(61);

    private readonly string _root = Directory.CreateTempSubdirectory("vu-roots-").FullName;
    private readonly string _outside = Directory.CreateTempSubdirectory("vu-outside-").FullName;
    private IntegrationBench _bench = null!;
    private string _folder = "";
    private string _id = "";

    public async ValueTask InitializeAsync()
    {
        _bench = await IntegrationBench.StartAsync(template, ("Integrations:Folders:0", _root), ("Integrations:FilesPerScan", "2"));
        _folder = Directory.CreateDirectory(Path.Combine(_root, "inbox")).FullName;
        _id = await WatchAsync(_folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        Directory.Delete(_root, recursive: true);
        Directory.Delete(_outside, recursive: true);
    }

    [Fact]
    public async Task A_new_video_is_indexed_once_after_it_has_stopped_changing()
    {
        var whole = await File.ReadAllBytesAsync(clips.WithSound);
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "below")).FullName, "pier 01%20ü.mp4");
        await File.WriteAllBytesAsync(path, whole[..(whole.Length / 2)]);
        await _bench.ListFilesAsync(_id);
        Assert.Equal("1 1 0 0 0 0", await _bench.CountsAsync(_id));
        // The size has changed, so the file is still being written.
        await File.WriteAllBytesAsync(path, whole);
        await ScanLaterAsync();
        Assert.Empty(await _bench.TasksAsync());

        await ScanLaterAsync();
        Assert.Equal(["pier 01%20ü.mp4"], await _bench.TaskNamesAsync());
        Assert.Equal("1 0 1 0 0 0", await _bench.CountsAsync(_id));
        await _bench.RunTasksAsync();
        Assert.Equal("1 0 0 1 0 0", await _bench.CountsAsync(_id));

        var video = (await _bench.Client.GetAsync($"/v1.1/indexes/{_bench.Index.Id}/videos").JsonAsync()).Data().Single();
        await _bench.Client.DeleteAsync($"/v1.1/indexes/{_bench.Index.Id}/videos/{video.Id()}").EmptyAsync(HttpStatusCode.NoContent);
        await ScanLaterAsync();
        File.Move(path, path + ".away");
        await ScanLaterAsync();
        Assert.Equal("0 0 0 0 0 0", await _bench.CountsAsync(_id));
        File.Move(path + ".away", path);
        await ScanLaterAsync();
        Assert.Equal("1 0 0 0 0 1", await _bench.CountsAsync(_id));
        Assert.Single(await _bench.TasksAsync());
    }

    [Fact]
    public async Task A_failed_file_is_listed_and_retried_only_after_a_change_or_on_request()
    {
        var path = Path.Combine(_folder, "broken.mp4");
        await File.WriteAllTextAsync(path, "no video");
        await ScanTwiceAsync();
        await _bench.RunTasksAsync();
        var failed = Assert.Single(await _bench.FilesAsync(_id, "failed"));
        Assert.EndsWith("/inbox/broken.mp4", failed.GetProperty("address").GetString(), StringComparison.Ordinal);
        Assert.NotEqual("", failed.GetProperty("reason").GetString());
        await ScanTwiceAsync();
        Assert.Single(await _bench.TasksAsync());

        Assert.Equal((1, 0), await _bench.TransferAsync(_id, again: true));
        Assert.Equal(2, (await _bench.TasksAsync()).Length);
        await _bench.RunTasksAsync();
        File.Copy(clips.Silent, path, overwrite: true);
        await ScanTwiceAsync();
        await _bench.RunTasksAsync();
        Assert.Equal("1 0 0 1 0 0", await _bench.CountsAsync(_id));
    }

    [Fact]
    public async Task Links_and_hidden_and_other_files_are_skipped_and_each_scan_has_a_limit()
    {
        File.Copy(clips.Silent, Path.Combine(_outside, "secret.mp4"));
        File.CreateSymbolicLink(Path.Combine(_folder, "link.mp4"), Path.Combine(_outside, "secret.mp4"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "links"), _outside);
        Put(clips.Silent, ".part.mp4");
        Put(clips.Silent, "notes.txt");
        await File.WriteAllTextAsync(Path.Combine(_folder, "empty.mp4"), "");
        foreach (var name in new[] { "a.mp4", "b.mp4", "c.mp4" })
            Put(clips.Silent, name);
        await ScanTwiceAsync();
        Assert.Equal(["a.mp4", "b.mp4"], await _bench.TaskNamesAsync());
        await ScanLaterAsync();
        Assert.Equal(["a.mp4", "b.mp4", "c.mp4"], await _bench.TaskNamesAsync());
        Assert.Equal("3 0 3 0 0 0", await _bench.CountsAsync(_id));
    }

    [Fact]
    public async Task A_file_that_becomes_a_link_after_the_scan_is_not_read()
    {
        var path = Put(clips.Silent, "pier.mp4");
        await ScanTwiceAsync();
        File.Delete(path);
        File.Copy(clips.Silent, Path.Combine(_outside, "secret.mp4"));
        File.CreateSymbolicLink(path, Path.Combine(_outside, "secret.mp4"));
        await _bench.RunTasksAsync();
        var task = Assert.Single(await _bench.TasksAsync());
        Assert.Equal("failed", task.GetProperty("status").GetString());
        Assert.Contains("There is no file", task.GetProperty("error_reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invalid_folder_is_reported()
    {
        Directory.CreateSymbolicLink(Path.Combine(_root, "way-out"), _outside);
        Put(clips.Silent, "pier.mp4");
        async Task<string?> ReasonAsync(string id)
        {
            await _bench.ListFilesAsync(id);
            var shown = await _bench.ShowAsync(id);
            Assert.Equal("failed", shown.GetProperty("status").GetString());
            return shown.GetProperty("reason").GetString();
        }

        var missing = Path.Combine(_root, "missing");
        Assert.Equal($"There is no folder {missing}.", await ReasonAsync(await WatchAsync(missing)));
        foreach (var forbidden in new[] { _outside, Path.Combine(_root, "way-out"), $"{_root}-beside" })
            Assert.Equal($"The folder {forbidden} does not lie in a folder of VideoUnderstanding:Integrations:Folders.",
                await ReasonAsync(await WatchAsync(forbidden)));
        await _bench.Client.DeleteAsync($"/v1.1/indexes/{_bench.Index.Id}").EmptyAsync(HttpStatusCode.NoContent);
        Assert.Equal("The index of the folder was deleted. Choose another index.", await ReasonAsync(_id));
        Assert.Empty(await _bench.TasksAsync());
    }

    [Fact]
    public async Task A_scan_that_began_before_a_change_saves_no_state_and_creates_no_task()
    {
        Put(clips.Silent, "pier.mp4");
        await using var scope = _bench.Server.Services.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IntegrationStore>();
        var before = (await store.FindAsync(_id, default))!;
        _bench.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        var changed = (await store.FindAsync(_id, default))!;
        changed.IndexId = (await _bench.Server.AddIndexAsync(options: [])).Id;
        Assert.True(await store.ChangeAsync(changed, default));
        Assert.Null(await scope.ServiceProvider.GetRequiredService<IntegrationScanner>().SynchroniseAsync(changed, default));

        await store.RecordStateAsync(before, "The folder was away.", default);
        var transfers = scope.ServiceProvider.GetRequiredService<IntegrationTransfers>();
        await Assert.ThrowsAsync<ApiException>(() => transfers.StartAsync(before, new StartTransferRequest(), TimeSpan.Zero, 10,
            new Caller(before.AccountId, before.Id), default));

        Assert.Equal(IntegrationState.Active, (await store.FindAsync(_id, default))!.State);
        Assert.Empty(await _bench.TasksAsync());
        Assert.Equal("1 1 0 0 0 0", await _bench.CountsAsync(_id));
    }

    [Fact]
    public async Task The_folder_of_one_account_is_not_read_by_another()
    {
        Put(clips.Silent, "pier.mp4");
        var other = await _bench.Server.AddAccountAsync();
        await using (var db = _bench.Server.Database.Open())
            await db.Integrations.ExecuteUpdateAsync(row => row.SetProperty(column => column.AccountId, other));
        using var form = new MultipartFormDataContent
        {
            { new StringContent($$"""[{"index_id": "{{_bench.Index.Id}}", "object": "file://{{_folder}}/pier.mp4"}]"""), "file" },
        };
        var message = await _bench.Client.PostAsync("/v1.1/tasks/transfers", form)
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        Assert.Contains("This server reads no files of its own machine", message, StringComparison.Ordinal);
    }

    private string Put(string clip, string name)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(clip, path);
        return path;
    }

    private async Task ScanLaterAsync()
    {
        _bench.Server.Clock.Advance(Settled);
        await _bench.ListFilesAsync(_id);
    }

    private async Task ScanTwiceAsync()
    {
        await _bench.ListFilesAsync(_id);
        await ScanLaterAsync();
    }

    private async Task<string> WatchAsync(string folder)
    {
        var (server, now) = (_bench.Server, _bench.Server.Clock.GetUtcNow());
        var integration = new Integration
        {
            Id = ObjectIds.New(server.Clock), AccountId = server.AccountId, Kind = IntegrationKind.Folder, Name = "inbox", Folder = folder,
            IndexId = _bench.Index.Id, Language = "en", CreatedAt = now, UpdatedAt = now,
        };
        await server.SaveAsync(integration);
        return integration.Id;
    }
}

/// <summary>Permission to watch a folder.</summary>
public sealed class WatchedFolderAccessTests(AppServer server) : IClassFixture<AppServer>
{
    [Fact]
    public async Task Only_an_administrator_can_watch_folders_and_only_below_the_configured_roots()
    {
        using var member = await server.SignedInAsync(UserRole.Member);
        using var administrator = await server.SignedInAsync();
        var index = (await administrator.SendAsync(HttpMethod.Post, "/v1.1/indexes",
            new { engine_id = "marengo2", index_name = "watched", index_options = new[] { "visual" } })
            .JsonAsync(HttpStatusCode.Created)).Id();
        object request = new { kind = "folder", name = "inbox", folder = "/srv/videos", index_id = index };

        await member.SendAsync(HttpMethod.Post, IntegrationBench.Root, request)
            .ErrorAsync(HttpStatusCode.Forbidden, "administrator_only");
        var key = await administrator.SendAsync(HttpMethod.Post, "/app/keys", new { name = "program" }).JsonAsync(HttpStatusCode.Created);
        using var program = server.Browse();
        program.Http.DefaultRequestHeaders.Add("x-api-key", key.GetProperty("secret").GetString());
        await program.SendAsync(HttpMethod.Post, IntegrationBench.Root, null, request)
            .ErrorAsync(HttpStatusCode.Forbidden, "administrator_only");
        Assert.Contains("VideoUnderstanding:Integrations:Folders is not set",
            await administrator.SendAsync(HttpMethod.Post, IntegrationBench.Root, request)
                .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid"), StringComparison.Ordinal);
        await administrator.SendAsync(HttpMethod.Post, IntegrationBench.Root, null, request)
            .ErrorAsync(HttpStatusCode.Forbidden, "session_token_invalid");
        Assert.Empty((await administrator.Http.GetAsync(IntegrationBench.Root).JsonAsync()).Data());
        using var stranger = server.Browse();
        await stranger.Http.GetAsync(IntegrationBench.Root).ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid");
    }
}

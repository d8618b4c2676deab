using System.Net;
using System.Text.Json;
using VideoUnderstanding.EndToEndTests.Support;

namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary>The file system of the data folder is full during an upload, a fetch and indexing.</summary>
public sealed class FullDiskTests(FullDiskServer server) : IClassFixture<FullDiskServer>
{
    [Fact]
    public Task An_upload_to_a_full_disk_is_refused_leaves_no_files_and_succeeds_later() => AssertRefusedThenAcceptedAsync(server);

    [Fact]
    public async Task An_upload_is_refused_too_if_a_file_size_limit_makes_writes_fail()
    {
        await using var limited = new FullDiskServer();
        await limited.StartAsync(byLimit: true);
        await AssertRefusedThenAcceptedAsync(limited);
    }

    [Fact]
    public async Task A_fetch_to_a_full_disk_fails_with_the_reason_and_leaves_no_files()
    {
        var clip = await server.NewClipAsync();
        await using var host = await FileServer.StartAsync(Path.GetDirectoryName(clip)!);
        var before = server.Files();
        server.Fill();
        try
        {
            var task = (await server.Api.OrderAsync(server.Index, host.AddressOf(Path.GetFileName(clip)))).Expect(HttpStatusCode.Created)
                .GetProperty("_id").GetString()!;

            var ended = await server.Api.FinishedTaskAsync(task);

            Assert.Equal("failed", ended.GetProperty("status").GetString());
            Assert.Contains("disk space", Reason(ended), StringComparison.Ordinal);
            await server.ExpectFilesAsync(before);
        }
        finally
        {
            server.FreeSpace();
        }
    }

    [Fact]
    public async Task Indexing_on_a_full_disk_is_retried_and_then_fails_with_the_reason()
    {
        var before = server.Files();
        var task = (await server.Api.UploadAsync(server.Index, await server.NewClipAsync())).Expect(HttpStatusCode.Created)
            .GetProperty("_id").GetString()!;
        server.Fill();
        try
        {
            // The last stage, the thumbnail, needs disk space.
            var ended = await server.Api.FinishedTaskAsync(task);

            Assert.Equal("failed", ended.GetProperty("status").GetString());
            Assert.Contains("disk space left. Indexing was tried 3 times", Reason(ended), StringComparison.Ordinal);
            await server.ExpectFilesAsync(before);
        }
        finally
        {
            server.FreeSpace();
        }
    }

    [Fact]
    public async Task Indexing_succeeds_if_disk_space_is_freed_before_the_last_attempt()
    {
        var task = (await server.Api.UploadAsync(server.Index, await server.NewClipAsync())).Expect(HttpStatusCode.Created)
            .GetProperty("_id").GetString()!;
        server.Fill();
        await server.WaitForFailedAttemptAsync(task);
        server.FreeSpace();

        Assert.Equal("ready", (await server.Api.FinishedTaskAsync(task)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_embedded_database_survives_a_full_disk()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var disk = LimitedDisk.Create(megabytes: 320);
        await using var own = new ServeProcess(dataFolder: Path.Combine(disk.Folder, "data"));
        await own.StartFirstAsync(cancellation);
        var api = new ApiClient(own.Http);
        var index = await api.CreateIndexAsync("before", "visual");
        var clip = await server.NewClipAsync();

        disk.Fill(own);
        var refused = await api.UploadAsync(index, clip);
        // The database may or may not have reserved enough space for a small row.
        var written = await api.SendAsync(HttpMethod.Post, "indexes",
            new { engine_id = "marengo2", index_name = "meanwhile", index_options = new[] { "visual" } });
        Assert.True(written.Status == HttpStatusCode.Created
            || ((int)written.Status >= 500 && written.ErrorCode == "internal_server_error"), written.ToString());
        Assert.False(own.HasEnded);
        disk.FreeSpace(own);

        Assert.True((int)refused.Status >= 500 || refused.ErrorCode == "usage_limit_exceeded", refused.ToString());
        await own.WaitUntilReadyAsync(cancellation);
        await api.IndexAsync(index, clip);
        Assert.NotEmpty(await api.SearchAsync(index, "yellow", "visual"));
    }

    private static async Task AssertRefusedThenAcceptedAsync(FullDiskServer server)
    {
        var (before, tasks, clip) = (server.Files(), await server.CountAsync("indexing_tasks"), await server.NewClipAsync());
        server.Fill();
        var refused = await server.Api.UploadAsync(server.Index, clip);
        var (after, found) = (server.Files(), await server.Api.GetAsync("indexes"));
        server.FreeSpace();

        refused.ExpectError(HttpStatusCode.BadRequest, "usage_limit_exceeded");
        Assert.Contains("disk space", refused.Body.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, after);
        Assert.Equal(tasks, await server.CountAsync("indexing_tasks"));
        Assert.Equal((HttpStatusCode.OK, false), (found.Status, server.HasEnded));
        await server.Api.IndexAsync(server.Index, clip);
    }

    private static string Reason(JsonElement task) => task.GetProperty("error_reason").GetString()!;
}

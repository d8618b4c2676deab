using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.Operations.Database;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary>The database stops while the server handles requests and indexes a video, and then restarts.</summary>
public sealed class DatabaseGoneTests : IAsyncLifetime
{
    private readonly string _clips = Directory.CreateTempSubdirectory("vu-gone-clips-").FullName;
    private readonly string _dataFolder = Directory.CreateTempSubdirectory("vu-gone-").FullName;
    private EmbeddedPostgres? _external;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await SmallClips.WriteToAsync(_clips, Cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_external is not null)
            await _external.DisposeAsync();
        Directory.Delete(_dataFolder, recursive: true);
        Directory.Delete(_clips, recursive: true);
    }

    [Fact]
    public async Task A_restart_of_a_configured_database_loses_nothing_and_blocks_no_client()
    {
        File.SetUnixFileMode(_dataFolder, File.GetUnixFileMode(_dataFolder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        await StartExternalAsync();
        await using var server = new ServeProcess(_external!.ConnectionString);
        await server.StartFirstAsync(Cancellation);
        var api = new ApiClient(server.Http);
        var index = await api.CreateIndexAsync("gone", "visual", "conversation");
        var tasks = await UploadUntilIndexingAsync(api, index);

        await _external.DisposeAsync();
        await ExpectErrorsAsync(api, server, index, tasks.Count);
        await StartExternalAsync();

        await ExpectRecoveryAsync(api, server, index, tasks);
        string[] log = await File.ReadAllLinesAsync(server.LogFile, Cancellation);
        Assert.Single(log, line => line.Contains("The database does not answer", StringComparison.Ordinal));
        Assert.Single(log, line => line.Contains("The database answers again", StringComparison.Ordinal));
        Assert.DoesNotContain(log, line => line.Contains("failed unexpectedly", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_killed_embedded_database_restarts_and_the_running_task_is_finished()
    {
        await using var server = new ServeProcess();
        await server.StartFirstAsync(Cancellation);
        var api = new ApiClient(server.Http);
        var index = await api.CreateIndexAsync("gone", "visual", "conversation");
        var tasks = await UploadUntilIndexingAsync(api, index);

        var killed = server.DatabaseId!.Value;
        await Processes.KillAndWaitAsync(killed);
        // Remaining processes of the old database can still answer for a moment.
        for (var waited = Stopwatch.StartNew(); server.DatabaseId is null || server.DatabaseId == killed;
            await Task.Delay(20, Cancellation))
            Assert.True(waited.Elapsed < server.StartLimit, $"The database did not come back. {server.Tail()}");

        await ExpectRecoveryAsync(api, server, index, tasks);
    }

    private async Task StartExternalAsync()
        => _external = await EmbeddedPostgres.StartAsync(await DataFolderLock.TakeAsync(_dataFolder, Cancellation), _dataFolder,
            new EmbeddedDatabaseOptions { SharedBuffersMegabytes = 64 }, NullLogger.Instance, Cancellation);

    private async Task<string> UploadAsync(ApiClient api, string index, int number)
        => (await api.UploadAsync(index, await CopyAsync(number))).Expect(HttpStatusCode.Created).GetProperty("_id").GetString()!;

    private async Task<string> CopyAsync(int number)
    {
        var path = Path.Combine(_clips, $"copy-{number}.mp4");
        await File.WriteAllBytesAsync(path, await SmallClips.CopyAsync(_clips, number, Cancellation), Cancellation);
        return path;
    }

    /// <summary>Uploads two videos, then further ones until one is seen in the state "indexing". That state lasts one or two seconds and
    /// can end between two requests.</summary>
    /// <returns>Identifiers of the tasks.</returns>
    private async Task<IReadOnlyList<string>> UploadUntilIndexingAsync(ApiClient api, string index)
    {
        List<string> tasks = [await UploadAsync(api, index, 0)];
        while (true)
        {
            tasks.Add(await UploadAsync(api, index, tasks.Count));
            for (var state = ""; state != "ready"; await Task.Delay(10, Cancellation))
            {
                state = (await api.GetAsync($"tasks/{tasks[^1]}")).Expect(HttpStatusCode.OK).GetProperty("status").GetString();
                Assert.NotEqual("failed", state);
                if (state == "indexing")
                    return tasks;
            }
        }
    }

    /// <summary>Checks that requests fail and do not hang. A request that hangs exceeds the timeout of the client.</summary>
    private async Task ExpectErrorsAsync(ApiClient api, ServeProcess server, string index, int uploads)
    {
        ApiAnswer[] answers =
        [
            await api.GetAsync("indexes"), await api.GetAsync($"indexes/{index}/videos"),
            await api.SendAsync(HttpMethod.Post, "search", new { index_id = index, query = "red", search_options = new[] { "visual" } }),
            await api.SendAsync(HttpMethod.Post, "indexes",
                new { engine_id = "marengo2", index_name = "never", index_options = new[] { "visual" } }),
            await api.DeleteAsync($"indexes/{index}"), await api.UploadAsync(index, await CopyAsync(uploads)),
        ];
        Assert.All(answers, answer => answer.ExpectError(HttpStatusCode.InternalServerError, "internal_server_error"));
        Assert.Empty(Directory.GetFiles(Path.Combine(server.DataFolder, "incoming")));
        Assert.Equal(uploads, Directory.GetFiles(Path.Combine(server.DataFolder, "videos")).Length);
        Assert.Equal((false, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK),
            (server.HasEnded, await StatusAsync(server, "ready"), await StatusAsync(server, "live")));
    }

    private static async Task<HttpStatusCode> StatusAsync(ServeProcess server, string health)
    {
        using var answer = await server.Http.GetAsync($"/health/{health}", Cancellation);
        return answer.StatusCode;
    }

    private async Task ExpectRecoveryAsync(ApiClient api, ServeProcess server, string index, IReadOnlyList<string> tasks)
    {
        await server.WaitUntilReadyAsync(Cancellation);
        foreach (var task in tasks)
            Assert.Equal("ready", (await api.FinishedTaskAsync(task)).GetProperty("status").GetString());
        var late = await api.IndexAsync(index, await CopyAsync(tasks.Count + 1));
        Assert.Contains(await api.SearchAsync(index, "red", "visual"), clip => clip.VideoId == late);
        Assert.False(server.HasEnded);
    }
}

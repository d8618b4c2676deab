using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.EndToEndTests.Generated;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.Operations.Database;
using VideoUnderstanding.TestAssets.Clips;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.EndToEndTests.Backups;

/// <summary>A server with finished, failed, deleted and waiting videos, metadata, a webhook and stored result pages; a recording of its
/// responses; and a backup that was made while clients uploaded and deleted videos.</summary>
public sealed class BackedUpServer : IAsyncLifetime
{
    private const string Subtitles = "1\n00:00:01,000 --> 00:00:03,000\nThe lighthouse keeper sleeps.\n";
    private readonly string _folder = Directory.CreateTempSubdirectory("backed-up-").FullName;
    private VuServer? _server;
    private ExternalServer? _external;

    internal ExternalServer External => _external!;

    public string Backup => Path.Combine(_folder, "backup");

    public string Key { get; private set; } = "";

    internal Recording Recording { get; private set; } = null!;

    /// <summary>Responses of the server before the backup, by request.</summary>
    public SortedDictionary<string, string> Answers { get; private set; } = [];

    /// <summary>Index that clients uploaded to and deleted from during the backup.</summary>
    public string BusyIndex { get; private set; } = "";

    /// <summary>Unfinished tasks: one that was downloading its video, and one in the queue.</summary>
    public IReadOnlyList<string> Waiting { get; private set; } = [];

    public int UploadsDuringBackup { get; private set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The program with another data folder and the same models.</summary>
    internal VuProgram Program(string dataFolder, params string[] settings) => new(Path.Combine(_folder, dataFolder), [
        .. GeneratedSet.Settings(Path.Combine(_folder, "models", "manifest.json")), .. settings,
        "VideoUnderstanding:Fetching:AllowPrivateNetworks=true", "VideoUnderstanding:Webhooks:AllowHttp=true",
        "VideoUnderstanding:Indexing:Workers=1", "VideoUnderstanding:Search:PageLifetime=01:00:00",
        // The download from the address "slow" must not time out while the backup and the recording run.
        "VideoUnderstanding:Fetching:IdleSeconds=600",
    ]);

    public string PathOf(string name) => Path.Combine(_folder, name);

    public async ValueTask InitializeAsync()
    {
        await GeneratedClips.WriteToAsync(_folder, Cancellation);
        Assert.Equal(Path.Combine(_folder, "models", "manifest.json"), TinyModels.WriteTo(Path.Combine(_folder, "models")));
        _external = await ExternalServer.StartAsync(PathOf(GeneratedClips.Uneven));
        var program = Program("data");
        _server = await program.ServeAsync();
        Key = await program.RunAsync("keys", "create", "--name", "before", "--quiet");
        var api = _server.Client(Key);
        await FillAsync(api);
        Answers = await Recording.TakeAsync(api.Http);

        using var stop = new CancellationTokenSource();
        var busy = UploadUntilStoppedAsync(api, stop.Token);
        await program.RunAsync("backup", Backup);
        await stop.CancelAsync();
        UploadsDuringBackup = await busy;
    }

    /// <summary>Moves an index into its own search tables, which the backup must include as well.</summary>
    private async Task SeparateAsync(string index)
    {
        var cluster = new ClusterFolder(PathOf("data"));
        var options = new DbContextOptionsBuilder<VideoDbContext>();
        options.UseVideoDatabase(cluster.ConnectionString(cluster.Running()!));
        await using var db = new VideoDbContext(options.Options);
        Assert.True(await SearchTableStore.SeparateAsync(db, index, Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        if (_external is not null)
            await _external.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task FillAsync(ApiClient api)
    {
        var kept = await api.CreateIndexAsync("kept", "visual", "conversation", "text_in_video");
        var (gone, queue) = (await api.CreateIndexAsync("gone", "visual"), await api.CreateIndexAsync("queue", "visual", "conversation"));
        BusyIndex = await api.CreateIndexAsync("busy", "visual", "conversation");
        var hook = await AdminAsync(api, HttpMethod.Post, "", new { url = External.AddressOf("hook") });
        var video = await api.IndexAsync(kept, PathOf(GeneratedClips.Uneven));
        await api.IndexAsync(kept, PathOf(GeneratedClips.Mpeg4), Subtitles);
        (await api.SendAsync(HttpMethod.Put, $"indexes/{kept}/videos/{video}",
            new { video_title = "Tide", metadata = new { shelf = 7, place = "attic" } })).Expect(HttpStatusCode.OK);
        (await api.DeleteAsync($"indexes/{kept}/videos/{await api.IndexAsync(kept, PathOf(GeneratedClips.Vp8))}"))
            .Expect(HttpStatusCode.NoContent);
        var failing = await TaskOfAsync(api.UploadByAddressAsync(kept, External.AddressOf("nothing.mp4")));
        Assert.Equal("failed", (await api.FinishedTaskAsync(failing)).GetProperty("status").GetString());
        (await api.DeleteAsync($"indexes/{gone}")).Expect(HttpStatusCode.NoContent);
        await SeparateAsync(kept);
        var events = await DeliveredEventsAsync(api);
        // No further events are delivered, so that the recorded events do not change.
        await AdminAsync(api, HttpMethod.Put, "/" + (string)hook["_id"]!, new { enabled = false });

        List<string> pages = [];
        foreach (var (path, body) in new (string, object)[]
        {
            ("search",
                new { index_id = kept, query = "pink black", search_options = new[] { "visual" }, threshold = "none", page_limit = 1 }),
            ("classify/bulk",
                new
                {
                    index_id = kept, options = new[] { "visual" }, threshold = "low", page_limit = 1,
                    labels = new[] { new { name = "some", prompts = new[] { "turquoise", "pink", "black" } } },
                }),
        })
        {
            var answer = (await api.SendAsync(HttpMethod.Post, path, body)).Expect(HttpStatusCode.OK);
            Assert.True(answer.GetProperty("page_info").TryGetProperty("next_page_token", out var next),
                $"{path} has one page only: {answer}");
            pages.Add($"{path.Split('/')[0]}/{next.GetString()}");
        }
        // The first task occupies the only worker, so the second one stays in the queue.
        Waiting = [await TaskOfAsync(api.UploadByAddressAsync(queue, External.AddressOf("slow"))),
            await TaskOfAsync(api.UploadAsync(queue, PathOf(GeneratedClips.Mpeg4)))];
        Recording = new Recording([kept, gone], pages, events);
    }

    private static async Task<string> TaskOfAsync(Task<ApiAnswer> upload)
        => (await upload).Expect(HttpStatusCode.Created).GetProperty("_id").GetString()!;

    private static async Task<IReadOnlyList<string>> DeliveredEventsAsync(ApiClient api)
    {
        while (true)
        {
            var events = (await AdminAsync(api, HttpMethod.Get, "/events?page_limit=50", null))["data"]!.AsArray();
            if (events.All(happened => happened!["deliveries"]!.AsArray().All(delivery => delivery!["finished_at"] is not null)))
                return [.. events.Select(happened => (string)happened!["_id"]!)];
            await Task.Delay(200, Cancellation);
        }
    }

    private static async Task<JsonNode> AdminAsync(ApiClient api, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, "/admin/webhooks" + path)
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        using var response = await api.Http.SendAsync(request, Cancellation);
        return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>(Cancellation))!;
    }

    /// <summary>Uploads videos until it is cancelled, and deletes every second one immediately.</summary>
    private async Task<int> UploadUntilStoppedAsync(ApiClient api, CancellationToken stop)
    {
        var uploads = 0;
        for (; !stop.IsCancellationRequested; uploads++)
        {
            var task = await TaskOfAsync(api.UploadAsync(BusyIndex, PathOf(GeneratedClips.Mpeg4)));
            if (uploads % 2 == 0)
                continue;
            var video = (await api.GetAsync($"tasks/{task}")).Expect(HttpStatusCode.OK).GetProperty("video_id").GetString();
            (await api.DeleteAsync($"indexes/{BusyIndex}/videos/{video}")).Expect(HttpStatusCode.NoContent);
        }
        return uploads;
    }
}

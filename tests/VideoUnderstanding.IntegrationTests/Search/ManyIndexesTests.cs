using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;
using VideoUnderstanding.Server;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>Duration of operations on hundreds of indexes, some of which have their own tables. The output contains the
/// durations.</summary>
public sealed class ManyIndexesTests(DatabaseTemplate template, ITestOutputHelper output)
{
    /// <summary>Environment variable with the number of indexes. The durations for 2,000 indexes are in docs/search-speed.md.</summary>
    private const string Variable = "VIDEOUNDERSTANDING_TEST_INDEXES";

    /// <summary>One of this many indexes has its own tables.</summary>
    private const int OwnEvery = 20;

    private const int FramesEach = 20;
    private const int Searchers = 2;

    private static readonly int Count = int.Parse(Environment.GetEnvironmentVariable(Variable) ?? "300", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Many_indexes_are_started_with_backed_up_restored_and_deleted_while_others_are_searched()
    {
        await using var server = await TestServer.StartAsync(template, new Dictionary<string, string?>(),
            fakes: services => services.AddSingleton<IQueryVectors, ColourVectors>());
        await StartAsync(server.Database);
        var indexes = await TimeAsync("fill", () => FillAsync(server));
        var own = indexes.Where((_, number) => number % OwnEvery == 0).ToList();
        await TimeAsync("separate", async () =>
        {
            foreach (var index in own)
                await server.Database.SeparateAsync(index);
            return own.Count;
        });
        await TimeAsync("start", () => StartAsync(server.Database));

        var (kept, deleted) = (indexes[OwnEvery],
            indexes.Where((_, number) => number % OwnEvery is 0 or 1 && number > OwnEvery + 1).ToList());
        using var stop = new CancellationTokenSource();
        var searching = Enumerable.Range(0, Searchers).Select(number => SearchAsync(server, number == 0 ? kept : indexes[2], stop.Token))
            .ToList();
        await BackUpAndRestoreAsync(server.Database, kept);
        await TimeAsync("delete", () => DeleteAsync(server, deleted));
        await stop.CancelAsync();

        foreach (var searches in await Task.WhenAll(searching))
            Assert.True(searches > 0, "No search ended before the deletions did.");
        await using var db = server.Database.Open();
        Assert.Equal(Count - deleted.Count, await db.Indexes.CountAsync(index => index.DeletedAt == null));
        Assert.Equal(Count - deleted.Count, await db.Videos.CountAsync());
        Assert.Equal(await db.SearchTableSets.CountAsync(), await SchemasAsync(db));
    }

    private async Task<T> TimeAsync<T>(string what, Func<Task<T>> work)
    {
        var begin = TimeProvider.System.GetTimestamp();
        var result = await work();
        output.WriteLine($"{what}: {TimeProvider.System.GetElapsedTime(begin).TotalSeconds:F1} s");
        return result;
    }

    private static async Task<List<VideoIndex>> FillAsync(TestServer server)
    {
        var now = server.Clock.GetUtcNow();
        var indexes = Enumerable.Range(0, Count).Select(number => new VideoIndex
        {
            Id = ObjectIds.New(server.Clock), AccountId = server.AccountId, Name = $"many {number}", EngineId = "marengo2",
            Options = [IndexOptions.Visual], Addons = [], CreatedAt = now, UpdatedAt = now,
        }).ToList();
        foreach (var some in indexes.Chunk(100))
        {
            await using var db = server.Database.Open();
            db.AddRange(some);
            foreach (var index in some)
            {
                var video = new Video
                {
                    Id = ObjectIds.New(server.Clock), AccountId = index.AccountId, IndexId = index.Id, Filename = "clip.mp4",
                    Duration = FramesEach, CreatedAt = now, UpdatedAt = now, IndexedAt = now,
                };
                db.Add(video);
                db.AddRange(Enumerable.Range(0, FramesEach).Select(second => new FrameVector
                {
                    IndexId = index.Id, VideoId = video.Id, Start = second, End = second + 1, Shot = second / 10,
                    Embedding = ColourVectors.Picture(second < 10 ? "green" : "red", 0.9),
                }));
            }
            await db.SaveChangesAsync();
        }
        return indexes;
    }

    /// <summary>Processes the tables of all indexes like a server at its start.</summary>
    private static async Task<bool> StartAsync(TestDatabase database)
    {
        await using var db = database.Open();
        var model = new VectorModel("model", ColourVectors.Dimensions);
        await DatabaseSetup.MigrateAsync(db, CancellationToken.None);
        Assert.Null(await VectorColumns.EnsureAsync(db, model, model, CancellationToken.None));
        Assert.Empty(await SearchTableStore.LargeSharedAsync(db, 1_000, CancellationToken.None));
        return true;
    }

    /// <returns>The number of searches. Each one must find its clip.</returns>
    private static async Task<int> SearchAsync(TestServer server, VideoIndex index, CancellationToken stop)
    {
        using var client = server.CreateClient();
        var searches = 0;
        while (!stop.IsCancellationRequested)
        {
            var answer = await client.PostAsJsonAsync("/v1.1/search",
                new { query = "red", index_id = index.Id, search_options = new[] { IndexOptions.Visual } }, CancellationToken.None)
                .JsonAsync();
            Assert.Equal(10, (int)Assert.Single(answer.Data()).GetProperty("start").GetDouble());
            searches++;
        }
        return searches;
    }

    private async Task BackUpAndRestoreAsync(TestDatabase database, VideoIndex sought)
    {
        var folder = Directory.CreateTempSubdirectory("vu-many-").FullName;
        await using var restored = await DatabaseTemplate.EmptyAsync();
        try
        {
            Task<int> RunAsync(string verb, TestDatabase on, string data) => Program.Main([verb, Path.Combine(folder, "backup"),
                $"--ConnectionStrings:Database={on.ConnectionString}", $"--VideoUnderstanding:DataFolder={Path.Combine(folder, data)}"]);
            Assert.Equal(0, await TimeAsync("backup", () => RunAsync("backup", database, "source")));
            Assert.Equal(0, await TimeAsync("restore", () => RunAsync("restore", restored, "target")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        await TimeAsync("start on the restored database", () => StartAsync(restored));
        await using var db = restored.Open();
        Assert.Equal(Count, await db.Videos.CountAsync());
        Assert.Equal(await db.SearchTableSets.CountAsync(), await SchemasAsync(db));
        var query = new SearchQuery(sought.Id, new TextQuery("red", [IndexOptions.Visual]));
        Assert.Equal(10, (int)Assert.Single(await db.Search().FindAsync(query, CancellationToken.None)).Start);
    }

    private static async Task<int> DeleteAsync(TestServer server, IReadOnlyList<VideoIndex> indexes)
    {
        using var client = server.CreateClient();
        foreach (var index in indexes)
            await client.DeleteAsync($"/v1.1/indexes/{index.Id}").EmptyAsync(HttpStatusCode.NoContent);
        await using var scope = server.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Removals>().FinishAsync(CancellationToken.None);
    }

    private static Task<int> SchemasAsync(VideoDbContext db)
        => db.Database.SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM pg_namespace WHERE nspname LIKE 'index\\_%'").SingleAsync();
}

using System.Net;
using VideoUnderstanding.EndToEndTests.Generated;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.IntegrationTests.Transfers;
using VideoUnderstanding.TestAssets.Clips;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.EndToEndTests.Backups;

/// <summary>A backup of an installation with a configured database, whose files are in a bucket. docs/backup.md.</summary>
public sealed class BucketBackupTests(ObjectHost host) : IClassFixture<ObjectHost>, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bucket-backup-").FullName;
    private readonly string _prefix = $"{Guid.NewGuid():N}/";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Clip => Path.Combine(_folder, "small-0.mp4");

    public async ValueTask InitializeAsync()
    {
        await SmallClips.WriteToAsync(_folder, Cancellation);
        TinyModels.WriteTo(Path.Combine(_folder, "models"));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_restored_bucket_and_database_are_searched_and_played()
    {
        var backup = Path.Combine(_folder, "backup");
        string key, index, video;
        IReadOnlyList<FoundClip> found;
        await using (var database = await FreshDatabase.CreateAsync(Cancellation))
        {
            var program = Program("before", database);
            await using var server = await program.ServeAsync();
            key = await program.RunAsync("keys", "create", "--name", "before", "--quiet");
            var client = server.Client(key);
            index = await client.CreateIndexAsync("kept", "visual");
            video = await client.IndexAsync(index, Clip);
            found = await client.SearchAsync(index, "red", "visual");
            Assert.Equal(video, Assert.Single(found).VideoId);
            await program.RunAsync("backup", backup);
        }
        foreach (var lost in await host.KeysAsync(_prefix))
            await host.DeleteAsync(lost);

        await using var empty = await FreshDatabase.CreateAsync(Cancellation);
        var restored = Program("after", empty);
        await restored.RunAsync("restore", backup);

        await using var running = await restored.ServeAsync();
        var api = running.Client(key);
        Assert.Equal(found, await api.SearchAsync(index, "red", "visual"));
        Assert.Contains($"{_prefix}videos/{video}", await host.KeysAsync(_prefix));
        var playlist = new Uri((await api.GetAsync($"indexes/{index}/videos/{video}")).Expect(HttpStatusCode.OK).GetProperty("hls")
            .GetProperty("video_url").GetString()!);
        var segment = (await api.Http.GetStringAsync(playlist, Cancellation)).Split('\n')
            .First(line => line.EndsWith(".ts", StringComparison.Ordinal));
        Assert.NotEmpty(await api.Http.GetByteArrayAsync(new Uri(playlist, segment), Cancellation));
        Assert.Equal(await File.ReadAllBytesAsync(Clip, Cancellation),
            await api.Http.GetByteArrayAsync(new Uri(playlist, "original"), Cancellation));
    }

    private VuProgram Program(string dataFolder, FreshDatabase database) => new(Path.Combine(_folder, dataFolder), [
        .. GeneratedSet.Settings(Path.Combine(_folder, "models", "manifest.json")),
        .. host.StorageSettings(_prefix).Select(setting => $"{setting.Key}={setting.Value}"),
        $"ConnectionStrings:Database={database.ConnectionString}",
    ]);
}

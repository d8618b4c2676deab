using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.IntegrationTests.Transfers;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.IntegrationTests.Switching;

/// <summary>Pictures that are kept for a later switch of models, with file storage in a folder and in a bucket.</summary>
public sealed class KeptPicturesTests(DatabaseTemplate template, ObjectHost host) : IClassFixture<ObjectHost>
{
    private static readonly Dictionary<string, string?> Keeping = new() { ["VideoUnderstanding:Indexing:KeepPictures"] = "true" };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_video_whose_file_became_unreadable_is_switched_with_its_kept_pictures(bool inBucket)
    {
        await using var bench = await CreateAsync(inBucket);
        var video = await bench.AddVideoAsync();
        var (store, before) = (Store(bench), await bench.FindAsync());
        await store.WriteAsync(StoredFiles.VideoKey(video.Id), new MemoryStream([1, 2, 3]), CancellationToken.None);

        Assert.True(await bench.SwitchAsync(TinyModels.WideProfile));

        Assert.Equal(3, before.Count);
        Assert.Equal(before, await bench.FindAsync());
        Assert.Equal(36, (await bench.FramesOfAsync(1)).Length);
        Assert.Equal(await TimesAsync(bench, 0), await TimesAsync(bench, 1));
        await RemoveAsync(bench, video);
        Assert.Empty(await FilesAsync(store));
    }

    [Fact]
    public async Task The_pictures_of_a_video_are_one_file_whose_size_is_recorded_and_which_is_removed_with_the_video()
    {
        await using var bench = await CreateAsync();
        var video = await bench.AddVideoAsync();
        var file = new FileInfo(bench.Indexing.Files.PicturesPath(video.Id));
        await using var db = bench.Rows.Open();

        Assert.InRange(file.Length, 1_000, 200_000);
        Assert.Equal(file.Length, (await db.Videos.SingleAsync(row => row.Id == video.Id)).PicturesSize);
        Assert.Contains((await ListForBackupAsync(bench, video)), one => one.Key == StoredFiles.PicturesKey(video.Id));
        await RemoveAsync(bench, video);
        Assert.Empty(await FilesAsync(Store(bench)));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(bench.Indexing.Files.Root, "incoming")));
    }

    [Fact]
    public async Task Without_the_setting_no_pictures_are_kept_and_the_video_is_decoded_again()
    {
        await using var bench = await SwitchBench.CreateAsync(template, videos: 1);
        await using var db = bench.Rows.Open();

        Assert.Null((await db.Videos.SingleAsync()).PicturesSize);
        Assert.DoesNotContain(await FilesAsync(Store(bench)), file => file.StartsWith("pictures/", StringComparison.Ordinal));
        Assert.True(await bench.SwitchAsync(TinyModels.WideProfile));
    }

    [Fact]
    public async Task Damaged_pictures_are_not_used()
    {
        await using var bench = await CreateAsync();
        var (torn, swapped) = (await bench.AddVideoAsync(), await bench.AddVideoAsync());
        await using (var file = File.OpenWrite(bench.Indexing.Files.PicturesPath(torn.Id)))
            file.SetLength(file.Length - 5);
        var bytes = await File.ReadAllBytesAsync(bench.Indexing.Files.PicturesPath(swapped.Id));
        // The table is complete, but the pictures before it are overwritten.
        bytes.AsSpan(0, bytes.Length - 200).Clear();
        await File.WriteAllBytesAsync(bench.Indexing.Files.PicturesPath(swapped.Id), bytes);
        var before = await bench.FindAsync();

        Assert.True(await bench.SwitchAsync(TinyModels.WideProfile));

        Assert.Equal(before, await bench.FindAsync());
        Assert.Equal(await TimesAsync(bench, 0), await TimesAsync(bench, 1));
    }

    [Fact]
    public async Task An_attempt_that_ends_between_storing_the_pictures_and_its_commit_is_repeated()
    {
        await using var bench = await CreateAsync();
        var (video, task) = await bench.AddTaskAsync();
        await using var db = bench.Rows.Open();
        // Simulates a crash after the file is stored: the first commit of the stage fails.
        await db.Database.ExecuteSqlRawAsync("""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE OF pictures_size ON videos FOR EACH ROW EXECUTE FUNCTION refuse();
            """);
        await bench.Indexing.RunAsync(task.Id);
        var stored = new FileInfo(bench.Indexing.Files.PicturesPath(video.Id));
        Assert.True(stored.Exists);
        Assert.NotEqual(TaskState.Ready, (await bench.Indexing.ReadAsync(task.Id)).State);
        await File.AppendAllTextAsync(stored.FullName, "what an earlier version may have written");
        await db.Database.ExecuteSqlRawAsync("DROP TRIGGER refuse ON videos");

        await bench.Indexing.RunAsync(task.Id);

        stored.Refresh();
        Assert.Equal(TaskState.Ready, (await bench.Indexing.ReadAsync(task.Id)).State);
        Assert.Equal(stored.Length, (await db.Videos.SingleAsync(row => row.Id == video.Id)).PicturesSize);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(bench.Indexing.Files.Root, "incoming")));
        await File.WriteAllBytesAsync(bench.Indexing.Files.VideoPath(video.Id), [1, 2, 3]);
        Assert.True(await bench.SwitchAsync(TinyModels.WideProfile));
    }

    private Task<SwitchBench> CreateAsync(bool inBucket = false)
        => SwitchBench.CreateAsync(template, videos: 0, new SwitchBenchSetup
        {
            Settings = inBucket ? new Dictionary<string, string?>(Keeping.Concat(host.StorageSettings($"{Guid.NewGuid():N}/"))) : Keeping,
        });

    private static IFileStore Store(SwitchBench bench) => bench.Indexing.Services.GetRequiredService<IFileStore>();

    private static Task<IReadOnlyList<StoredFile>> ListForBackupAsync(SwitchBench bench, Video video)
        => bench.Indexing.Services.GetRequiredService<StoredFiles>().ListForBackupAsync(video.Id, CancellationToken.None);

    private static Task RemoveAsync(SwitchBench bench, Video video) => bench.Indexing.InScopeAsync(async (Removals removals) =>
    {
        await removals.RemoveVideoAsync(video.Id, CancellationToken.None);
        return true;
    });

    /// <summary>Returns the keys of all files of videos.</summary>
    private static async Task<List<string>> FilesAsync(IFileStore store)
    {
        var keys = new List<string>();
        foreach (var prefix in StoredFiles.Prefixes)
            await foreach (var file in store.ListAsync(prefix, CancellationToken.None))
                keys.Add(file.Key);
        return keys;
    }

    /// <summary>Returns times and shots of the frames of a generation.</summary>
    private static async Task<List<string>> TimesAsync(SwitchBench bench, int generation)
    {
        await using var db = bench.Rows.Open();
        var frames = db.FramesIn(generation == 0
            ? SearchTableNames.Shared
            : SearchTableNames.Dedicated(bench.Index.Id, generation));
        return await frames.OrderBy(frame => frame.VideoId).ThenBy(frame => frame.Start)
            .Select(frame => $"{frame.VideoId} {frame.Start} {frame.End} {frame.Shot}").ToListAsync();
    }
}

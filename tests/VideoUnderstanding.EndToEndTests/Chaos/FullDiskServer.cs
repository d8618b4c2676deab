using System.Diagnostics;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary>A server whose data folder can be filled up. Its database is outside that folder.</summary>
public sealed class FullDiskServer : IAsyncLifetime
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(5);

    private readonly string _clips = Directory.CreateTempSubdirectory("vu-disk-clips-").FullName;
    private FreshDatabase _database = null!;
    private LimitedDisk _disk = null!;
    private ServeProcess _server = null!;
    private int _copies;

    public ApiClient Api { get; private set; } = null!;

    public string Index { get; private set; } = "";

    public bool HasEnded => _server.HasEnded;

    public ValueTask InitializeAsync() => StartAsync(byLimit: false);

    internal async ValueTask StartAsync(bool byLimit)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await SmallClips.WriteToAsync(_clips, cancellation);
        _database = await FreshDatabase.CreateAsync(cancellation);
        _disk = byLimit ? LimitedDisk.CreateByLimit() : LimitedDisk.Create(megabytes: 8);
        // The delay lets a test free disk space between two attempts, also on a slow machine.
        _server = new ServeProcess(_database.ConnectionString, Path.Combine(_disk.Folder, "data"),
            "VideoUnderstanding:Indexing:RetryDelaySeconds=2");
        await _server.StartFirstAsync(cancellation);
        Api = new ApiClient(_server.Http);
        Index = await Api.CreateIndexAsync("full disk", "visual", "conversation");
    }

    public void Fill() => _disk.Fill(_server);

    public void FreeSpace() => _disk.FreeSpace(_server);

    /// <summary>Creates a clip that was not uploaded before.</summary>
    public async Task<string> NewClipAsync()
    {
        var path = Path.Combine(_clips, $"copy-{_copies}.mp4");
        await File.WriteAllBytesAsync(path, await SmallClips.CopyAsync(_clips, _copies++, TestContext.Current.CancellationToken));
        return path;
    }

    /// <summary>All files of finished and unfinished videos.</summary>
    public HashSet<string> Files() => [.. new[] { "videos", "incoming", "transcripts", "thumbnails" }
        .SelectMany(folder => Directory.GetFiles(Path.Combine(_server.DataFolder, folder), "*", SearchOption.AllDirectories))];

    /// <summary>Waits until exactly these files exist. The files of a failed task are deleted after its state is saved.</summary>
    public async Task ExpectFilesAsync(HashSet<string> expected)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < WaitTimeout && !expected.SetEquals(Files());)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(expected, Files());
    }

    /// <summary>Waits until the first attempt of a task has failed and the second one is waiting or running.</summary>
    public async Task WaitForFailedAttemptAsync(string task)
    {
        for (var waited = Stopwatch.StartNew();
            await CountAsync($"indexing_tasks WHERE id = '{task}' AND (attempts > 1 OR attempts = 1 AND state = 'pending')") == 0;
            await Task.Delay(20, TestContext.Current.CancellationToken))
            Assert.True(waited.Elapsed < WaitTimeout, $"No attempt of the task failed. {_server.Tail()}");
    }

    public Task<long> CountAsync(string table) => _database.CountAsync(table, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _disk.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_clips, recursive: true);
    }
}

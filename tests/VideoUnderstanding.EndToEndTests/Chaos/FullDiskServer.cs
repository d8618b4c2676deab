using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary>A server whose data folder can be filled. Its database is elsewhere.</summary>
public sealed class FullDiskServer : IAsyncLifetime
{
    private readonly string _clips = Directory.CreateTempSubdirectory("vu-disk-clips-").FullName;
    private FreshDatabase _database = null!;
    private ScarceDisk _disk = null!;
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
        _disk = byLimit ? ScarceDisk.CreateByLimit() : ScarceDisk.Create(megabytes: 8);
        _server = new ServeProcess(_database.ConnectionString, Path.Combine(_disk.Folder, "data"));
        await _server.StartFirstAsync(cancellation);
        Api = new ApiClient(_server.Http);
        Index = await Api.CreateIndexAsync("full disk", "visual", "conversation");
    }

    public void Fill() => _disk.Fill(_server);

    public void MakeRoom() => _disk.MakeRoom(_server);

    /// <summary>A further clip that was never sent before.</summary>
    public async Task<string> NewClipAsync()
    {
        var path = Path.Combine(_clips, $"copy-{_copies}.mp4");
        await File.WriteAllBytesAsync(path, await SmallClips.CopyAsync(_clips, _copies++, TestContext.Current.CancellationToken));
        return path;
    }

    /// <summary>All files of videos, finished and not; what was kept when the test began is left out.</summary>
    public HashSet<string> Files() => [.. new[] { "videos", "incoming", "transcripts", "thumbnails" }
        .SelectMany(folder => Directory.GetFiles(Path.Combine(_server.DataFolder, folder), "*", SearchOption.AllDirectories))];

    public Task<long> CountAsync(string table) => _database.CountAsync(table, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _disk.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_clips, recursive: true);
    }
}

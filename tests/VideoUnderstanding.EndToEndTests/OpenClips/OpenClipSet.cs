using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.EndToEndTests.OpenClips;

/// <summary>A server with the committed models and all open clips in one index, indexed once for all tests. Clips without sound are
/// uploaded with subtitles, which an index with the option conversation requires.</summary>
public sealed class OpenClipSet : IAsyncLifetime
{
    private static readonly string[] Options = ["visual", "conversation", "text_in_video"];
    private FreshDatabase? _database;
    private RunningServer? _server;

    public ApiClient Api => _server?.Api ?? throw new InvalidOperationException("The server has not started.");

    public GroundTruth Facts { get; private set; } = null!;

    public string Index { get; private set; } = "";

    /// <summary>Identifiers of the indexed videos by file name.</summary>
    public Dictionary<string, string> Videos { get; } = [];

    public static string PathOf(string file) => AssetsFolder.File($"media/{file}");

    public async ValueTask InitializeAsync()
    {
        // Without the assets folder every test is skipped, so there is nothing to prepare.
        if (AssetsFolder.Path is null)
            return;
        Facts = GroundTruth.Load();
        _database = await FreshDatabase.CreateAsync(TestContext.Current.CancellationToken);
        // Some clips are below the default minimum of size and duration.
        _server = await RunningServer.StartAsync(_database.ConnectionString,
            ["VideoUnderstanding:Models:Profile=starter", "VideoUnderstanding:Limits:MinShortSide=240",
                "VideoUnderstanding:Limits:MinDurationSeconds=3"]);
        Index = await Api.CreateIndexAsync("open clips", Options);
        await Task.WhenAll(Facts.Media.Where(clip => clip.Video.Count > 0).Select(IndexAsync));
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    private async Task IndexAsync(ClipFacts clip)
    {
        var subtitles = $"1\n00:00:00,000 --> 00:00:03,000\nSubtitles of the silent file {Path.GetFileNameWithoutExtension(clip.File)}.\n";
        var video = await Api.IndexAsync(Index, PathOf(clip.File), clip.Audio.Count > 0 ? null : subtitles);
        lock (Videos)
            Videos[clip.File] = video;
    }
}

/// <summary>Test classes that share the indexed set.</summary>
[CollectionDefinition(nameof(OpenClipCollection))]
public sealed class OpenClipCollection : ICollectionFixture<OpenClipSet>;

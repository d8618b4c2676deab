using System.Globalization;
using System.Net;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.EndToEndTests.OpenClips;

/// <summary>A server with the committed models and some open clips in an index for pictures only.</summary>
public sealed class PictureClipSet : IAsyncLifetime
{
    /// <summary>Short clips whose pictures have no near duplicates at other times or in other clips.</summary>
    private static readonly string[] Clips =
        ["dog-park.mp4", "flower.mp4", "stream-of-water.webm", "his-girl-friday.mp4", "toy-rabbit.mp4"];

    private FreshDatabase? _database;
    private RunningServer? _server;

    public ApiClient Api => _server?.Api ?? throw new InvalidOperationException("The server has not started.");

    public string Index { get; private set; } = "";

    /// <summary>Identifiers of the indexed videos by file name.</summary>
    public Dictionary<string, string> Videos { get; } = [];

    public async ValueTask InitializeAsync()
    {
        // Without the assets folder every test is skipped, so there is nothing to prepare.
        if (AssetsFolder.Path is null)
            return;
        _database = await FreshDatabase.CreateAsync(TestContext.Current.CancellationToken);
        _server = await RunningServer.StartAsync(_database.ConnectionString,
            ["VideoUnderstanding:Models:Profile=starter", "VideoUnderstanding:Limits:MinShortSide=240",
                "VideoUnderstanding:Limits:MinDurationSeconds=3"]);
        Index = await Api.CreateIndexAsync("pictures", "visual");
        foreach (var file in Clips)
            Videos[file] = await Api.IndexAsync(Index, OpenClipSet.PathOf(file));
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }
}

/// <summary>Searches by picture with the committed models, which have no calibration for pictures.</summary>
[Trait("Needs", "Assets")]
public sealed class PictureSearchTests : IClassFixture<PictureClipSet>
{
    private readonly PictureClipSet _set;

    public PictureSearchTests(PictureClipSet set)
    {
        AssetsFolder.Require();
        _set = set;
    }

    /// <summary>A file and a time in it, in seconds.</summary>
    public static TheoryData<string, double> Pictures => new()
    {
        { "dog-park.mp4", 5.5 },
        { "flower.mp4", 2.5 },
        { "stream-of-water.webm", 1.5 },
        { "his-girl-friday.mp4", 3.5 },
        { "toy-rabbit.mp4", 3.5 },
    };

    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task A_picture_of_a_video_finds_its_own_moment_first_and_never_with_high_confidence(string file, double time)
    {
        var found = await FindAsync([
            ("video_id", _set.Videos[file]), ("time", time.ToString(CultureInfo.InvariantCulture)), ("threshold", "low")]);

        AssertScene(found, file, time);
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task An_uploaded_picture_finds_the_moment_that_it_shows(string file, double time)
    {
        var picture = await ToolProcess.RunAsync("ffmpeg",
        [
            "-v", "error", "-ss", time.ToString(CultureInfo.InvariantCulture), "-i", OpenClipSet.PathOf(file), "-frames:v", "1",
            "-f", "image2pipe", "-c:v", "mjpeg", "-q:v", "4", "-",
        ], new ToolLimits(), TestContext.Current.CancellationToken);

        AssertScene(await FindAsync([("threshold", "low")], picture.Bytes), file, time);
    }

    private async Task<IReadOnlyList<FoundClip>> FindAsync((string Name, string Value)[] fields, byte[]? picture = null)
        => FoundClip.AllOf((await _set.Api.SearchByPictureAsync(_set.Index, picture, fields)).Expect(HttpStatusCode.OK));

    private void AssertScene(IReadOnlyList<FoundClip> found, string file, double time)
    {
        var hits = string.Join("; ", found.Select(clip
            => $"{_set.Videos.Single(video => video.Value == clip.VideoId).Key} {clip.Start}-{clip.End} {clip.Score} {clip.Confidence}"));
        Assert.True(found.Count > 0, "Nothing was found.");
        Assert.True(found[0].VideoId == _set.Videos[file] && found[0].Overlaps(time - 1, time + 1), hits);
        Assert.DoesNotContain(found, clip => clip.Confidence == "high");
    }
}

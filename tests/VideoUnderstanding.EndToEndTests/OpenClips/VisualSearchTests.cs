using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.EndToEndTests.OpenClips;

/// <summary>Visible things are found in the right clip at the right time.</summary>
[Trait("Needs", "Assets")]
[Collection(nameof(OpenClipCollection))]
public sealed class VisualSearchTests
{
    private const string Reel = "reel-one.mp4";
    private const int Best = 3;
    private readonly OpenClipSet _set;

    public VisualSearchTests(OpenClipSet set)
    {
        AssetsFolder.Require();
        _set = set;
    }

    private static Scene[] Dogs => [new("dog-park.mp4", 0, 9.6), new("dog-rotated.mp4", 0, 4), new(Reel, 4, 13.64)];

    private static Scene[] Cars => [.. CarsFrom("cars-overhead.mp4", 0), new("cars-hevc.mkv", 1.9, 5.2), .. CarsFrom(Reel, 18.64)];

    private static Scene[] Bottles => [new("bottles.mp4", 0, 39.8), new("bottles-vfr.mp4", 0, 29.8), new(Reel, 48.8, 78.8)];

    private static Scene[] Rooftops => [new("rooftops.mp4", 0, 17), new(Reel, 111.8, 128.88)];

    private static Scene[] Films => [new("his-girl-friday.mp4", 0, 6.1), new("his-girl-friday.avi", 0, 6.1), new(Reel, 156.68, 162.84)];

    private static Scene[] Streams => [new("stream-of-water.webm", 0, 3.1), new(Reel, 108.8, 111.8)];

    /// <summary>Things that the model recognises, and the scenes that show them. The reel repeats most clips. The model recognises slides
    /// as a web site.</summary>
    public static TheoryData<string, Scene[]> Queries => new()
    {
        { "dog", Dogs },
        { "a puppy", Dogs },
        { "terrier", Dogs },
        { "people", [.. Films, .. Dogs] },
        { "car", Cars },
        { "a parked car", Cars },
        { "plastic water bottle", Bottles },
        { "bottles on a table", Bottles },
        { "a yellow flower", [new("flower.mp4", 0, 5), new("flower.webm", 0, 5), new(Reel, 13.64, 18.64)] },
        { "bird", [new("big-buck-bunny.mp4", 16.6, 21), new(Reel, 95.4, 99.8)] },
        { "meadow", [new("big-buck-bunny.mp4", 2, 16.5), new(Reel, 80.8, 95.3)] },
        { "rooftops of a city", Rooftops },
        { "tower", Rooftops },
        { "valley", Streams },
        { "a stream of water", Streams },
        { "web site", [new("slides-climate.mov", 0, 20), new(Reel, 136.68, 156.68)] },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_thing_is_found_where_it_is_visible(string query, Scene[] scenes)
    {
        var found = await _set.Api.SearchAsync(_set.Index, query, "visual", threshold: "none");

        Assert.True(found.Take(Best).Any(clip => scenes.Any(scene => Shows(clip, scene))),
            $"{query}: {string.Join("; ", found.Select(Describe))}");
    }

    [Fact]
    public async Task A_toy_is_among_the_first_results_without_high_confidence()
    {
        var found = await _set.Api.SearchAsync(_set.Index, "piggy bank", "visual", threshold: "none");

        Assert.True(found.Take(5).Any(clip => Shows(clip, new Scene(Reel, 162.84, 169.36))), string.Join("; ", found.Select(Describe)));
        Assert.DoesNotContain(found, clip => clip.Confidence == "high");
    }

    /// <summary>Things that no clip shows. The calibration used none of these queries.</summary>
    private static readonly string[] UnshownThings =
    [
        "kangaroo", "saxophone", "ferris wheel", "iceberg", "parachute", "washing machine", "hamburger", "vacuum cleaner", "rocket launch",
        "flamingo", "crocodile",
        "trombone", "cash register", "bulldozer", "waffle", "scorpion", "surfing", "racing yacht", "ambulance", "firefighter", "broccoli",
        "pyramid", "ostrich",
        "gondola", "typewriter", "wheelchair", "snowboard", "killer whale", "golf", "ballet dancer",
    ];

    [Fact]
    public async Task An_absurd_query_gets_no_high_confidence()
    {
        var wrong = new List<string>();
        foreach (var query in UnshownThings)
            wrong.AddRange((await _set.Api.SearchAsync(_set.Index, query, "visual", threshold: "high"))
                .Select(clip => $"{query}: {Describe(clip)}"));

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("pig", 162.84, 169.36)]
    [InlineData("frog", 169.36, 177.64)]
    public async Task A_toy_has_no_high_confidence_in_a_scene_of_another_toy(string query, double start, double end)
        => Assert.All(await _set.Api.SearchAsync(_set.Index, query, "visual", threshold: "high"),
            clip => Assert.True(Shows(clip, new Scene(Reel, start, end)), Describe(clip)));

    [Fact]
    public async Task Most_things_are_found_with_some_confidence()
    {
        var levels = new List<string>();
        foreach (var row in Queries)
        {
            var (query, scenes) = row.Data;
            var best = (await _set.Api.SearchAsync(_set.Index, query, "visual", threshold: "none"))
                .Where(clip => scenes.Any(scene => Shows(clip, scene))).MaxBy(clip => clip.Score);
            levels.Add($"{query}: {best?.Confidence} {best?.Score}");
        }

        int Found(params string[] known)
            => levels.Count(line => known.Any(level => line.Contains($": {level} ", StringComparison.Ordinal)));
        Assert.True(Found("high", "medium", "low") >= levels.Count * 3 / 4 && Found("high", "medium") >= 1, string.Join('\n', levels));
    }

    private static IEnumerable<Scene> CarsFrom(string file, double begin)
        => [new(file, begin + 4.9, begin + 8.2), new(file, begin + 14.8, begin + 19.2), new(file, begin + 25.5, begin + 27.8)];

    /// <summary>Returns true if more than half of the clip is in the scene. The tolerance of 0.5 s at both ends is half the interval
    /// between two pictures.</summary>
    private bool Shows(FoundClip clip, Scene scene)
        => clip.VideoId == _set.Videos[scene.File]
            && Math.Min(clip.End, scene.End + 0.5) - Math.Max(clip.Start, scene.Start - 0.5) > (clip.End - clip.Start) / 2;

    private string Describe(FoundClip clip)
        => $"{_set.Videos.Single(video => video.Value == clip.VideoId).Key} {clip.Start}-{clip.End} ({clip.Score})";
}

/// <summary>A section of a clip. Times are seconds.</summary>
public sealed record Scene(string File, double Start, double End);

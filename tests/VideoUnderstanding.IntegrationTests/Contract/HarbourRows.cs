using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Search;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Contract;

/// <summary>Rows that the examples assume: two indexes, two videos of harbour cameras and one of a kitchen.</summary>
internal static class HarbourRows
{
    public const string Harbour = "64007c1e9a4b2f0c1d3e5a01";
    public const string Cooking = "640080b29a4b2f0c1d3e5a02";
    public const string North = "64007e509a4b2f0c1d3e5c20";
    public const string South = "64007f119a4b2f0c1d3e5c21";

    /// <summary>Deletes the rows of earlier examples.</summary>
    public static async Task EmptyAsync(TestServer server)
    {
        await using var db = server.Database.Open();
        await db.ResultSets.ExecuteDeleteAsync();
        await db.Logos.ExecuteDeleteAsync();
        await db.Tasks.ExecuteDeleteAsync();
        await db.Frames.ExecuteDeleteAsync();
        await db.TextSegments.ExecuteDeleteAsync();
        await db.LogoRegions.ExecuteDeleteAsync();
        await db.SoundMoments.ExecuteDeleteAsync();
        await db.Videos.ExecuteDeleteAsync();
        await db.Indexes.ExecuteDeleteAsync();
    }

    public static async Task AddAsync(TestServer server)
    {
        await server.SaveAsync(
            Index(server, Harbour, "harbour-cameras", "marengo2", ["visual", "conversation", "text_in_video"], ["thumbnail"],
                "10:38:22.451", "10:52:40.118"),
            Index(server, Cooking, "cooking-shows", "marengo2.5", ["visual", "conversation"], [], "10:57:54.007", "10:57:54.007"));
        await server.SaveAsync(
            Video(server, North, Harbour, "quay-north.mp4", (531.998133, 854, 480, 51240113),
                """{"needs_review": true, "camera": "north"}""", "10:47:45", "10:52:40"),
            Video(server, South, Harbour, "quay-south.mp4", (530.5, 1280, 720, 98120044), """{"needs_review": true}""", "10:50:58",
                "10:57:31"),
            Video(server, "640080b59a4b2f0c1d3e5c22", Cooking, "onions.mp4", (318.2, 640, 360, 30110022), null, "10:58:00", "11:00:00"));
        await server.SaveAsync(
            Task(server, "64007e509a4b2f0c1d3e5b10", North, "quay-north.mp4", (531.998133, 854, 480), TaskState.Ready,
                ("10:47:44.120", "10:52:40.118", "10:53:00")),
            Task(server, "64007f119a4b2f0c1d3e5b11", South, "quay-south.mp4", (530.5, 1280, 720), TaskState.Indexing,
                ("10:50:57.905", "10:55:02.330", "10:58:10")));
    }

    /// <summary>Adds the failed task that one example deletes.</summary>
    public static Task AddFailedTaskAsync(TestServer server) => server.SaveAsync(
        Task(server, "6400a0039a4b2f0c1d3e5b12", "6400a0039a4b2f0c1d3e5c23", "broken.mp4", (20, 640, 360), TaskState.Failed,
            ("13:00:00", "13:00:05", "13:00:05")));

    public static async Task AddTextsAsync(TestServer server) => await server.SaveAsync(
        Segment(North, TextSource.Speech, 0, 1.24, 4.8, "The tug is leaving berth four."),
        Segment(North, TextSource.Speech, 1, 5.02, 8.66, "Keep the line slack until she turns."),
        Segment(North, TextSource.Speech, 2, 30, 33, "Later."),
        Segment(North, TextSource.Screen, 0, 0.2, 12, "CAM 02 NORTH"),
        Segment(North, TextSource.Screen, 1, 40, 42.5, "BERTH 4"));

    /// <summary>Adds texts and frames that the searches of the examples find.</summary>
    public static async Task AddScenesAsync(TestServer server)
    {
        await AddTextsAsync(server);
        await using var db = server.Database.Open();
        var (north, south) = (await db.Videos.SingleAsync(video => video.Id == North),
            await db.Videos.SingleAsync(video => video.Id == South));
        await server.Database.AddFramesAsync(north, (1, HarbourVectors.Water, 0.9), (8, HarbourVectors.Berth, 0.76),
            (103, HarbourVectors.Water, 0.9),
            (12, HarbourVectors.Tug, 0.86), (76, HarbourVectors.Water, 0.9), (12, HarbourVectors.Crane, 0.85),
            (320, HarbourVectors.Water, 0.9));
        await server.Database.AddFramesAsync(south, (20, HarbourVectors.Water, 0.9), (4, HarbourVectors.Tug, 0.68),
            (20, HarbourVectors.Water, 0.9),
            (8, HarbourVectors.Crane, 0.84), (38, HarbourVectors.Water, 0.9), (6, HarbourVectors.Crane, 0.74),
            (204, HarbourVectors.Water, 0.9),
            (6, HarbourVectors.Tug, 0.77), (224, HarbourVectors.Water, 0.9));
    }

    /// <summary>Adds a horn six times, each followed by the searched words two seconds after it ends.</summary>
    public static async Task AddHornsAsync(TestServer server)
    {
        await using var db = server.Database.Open();
        var south = await db.Videos.SingleAsync(video => video.Id == South);
        await server.Database.AddFramesAsync(south,
            [.. Enumerable.Range(0, 6)
                .SelectMany(i => new[] { (75, HarbourVectors.Water, 0.9), (5, HarbourVectors.Horn, 0.8 - i * 0.02) })]);
        await server.SaveAsync(
            [.. Enumerable.Range(0, 6)
                .Select(i => Segment(South, TextSource.Speech, i, 80 * i + 82, 80 * i + 84, "Moving to berth four now."))]);
    }

    /// <summary>Adds a tug in most of one video and a crane in most of the other, because a label must cover a large share of a
    /// video.</summary>
    public static async Task AddVesselsAsync(TestServer server)
    {
        await using var db = server.Database.Open();
        var (north, south) = (await db.Videos.SingleAsync(video => video.Id == North),
            await db.Videos.SingleAsync(video => video.Id == South));
        await server.Database.AddFramesAsync(north, (60, HarbourVectors.Water, 0.9), (410, HarbourVectors.Tug, 0.86),
            (60, HarbourVectors.Water, 0.9));
        await server.Database.AddFramesAsync(south, (110, HarbourVectors.Water, 0.9), (300, HarbourVectors.Crane, 0.84),
            (120, HarbourVectors.Water, 0.9));
    }

    /// <summary>Adds the logo of a shipping company, which is visible on a hull.</summary>
    public static async Task AddLogoAsync(TestServer server)
    {
        await using var db = server.Database.Open();
        string[] options = ["visual", "conversation", "text_in_video", "logo"];
        await db.Indexes.Where(index => index.Id == Harbour).ExecuteUpdateAsync(index => index.SetProperty(row => row.Options, options));
        await server.SaveAsync(
            new Logo
            {
                Id = "64007e509a4b2f0c1d3e5d01", AccountId = server.AccountId, Name = "Acme Shipping", Picture = [1],
                MediaType = "image/png",
                CreatedAt = At("10:00:00"), Vectors = [new LogoVector { Model = "", Embedding = ColourVectors.Picture("red", 1) }],
            },
            new LogoRegion
            {
                IndexId = Harbour, VideoId = North, Start = 61, End = 65.5, Left = 0.25f, Top = 0.5f, Width = 0.2f, Height = 0.3f,
                Embedding = ColourVectors.Picture("red", 0.99),
            });
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse($"2023-03-02T{time}Z", CultureInfo.InvariantCulture);

    private static VideoIndex Index(
        TestServer server, string id, string name, string engine, string[] options, string[] addons, string created, string updated)
        => new()
        {
            Id = id, AccountId = server.AccountId, Name = name, EngineId = engine, Options = options, Addons = addons,
            CreatedAt = At(created), UpdatedAt = At(updated),
        };

    private static Video Video(
        TestServer server, string id, string index, string filename, (double Duration, int Width, int Height, long Size) facts,
        string? custom, string created, string indexed) => new()
        {
            Id = id, AccountId = server.AccountId, IndexId = index, Filename = filename, FramesPerSecond = 25,
            Duration = facts.Duration, Width = facts.Width, Height = facts.Height, Size = facts.Size,
            CustomMetadata = custom is null ? null : JsonDocument.Parse(custom), CreatedAt = At(created), UpdatedAt = At(indexed),
            IndexedAt = At(indexed),
        };

    private static IndexingTask Task(
        TestServer server, string id, string video, string filename, (double Duration, int Width, int Height) facts, TaskState state,
        (string Created, string Updated, string Estimated) times) => new()
        {
            Id = id, AccountId = server.AccountId, IndexId = Harbour, VideoId = video, State = state, Language = "en", Filename = filename,
            Duration = facts.Duration, Width = facts.Width, Height = facts.Height, UploadPercentage = 100, Percentage = 62.5,
            EstimatedTime = At(times.Estimated), CreatedAt = At(times.Created), UpdatedAt = At(times.Updated),
        };

    private static TextSegment Segment(string video, TextSource source, int number, double start, double end, string text) => new()
    {
        IndexId = Harbour, VideoId = video, Source = source, Number = number, Start = start, End = end, Text = text, Language = "en",
        Embedding = ColourVectors.Half(HarbourVectors.Of(text)),
    };
}

using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Media;
using VideoUnderstanding.Media.StillPictures;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Logos;
using VideoUnderstanding.Search.Pictures;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>Adds rows of finished videos for searches that use the database directly.</summary>
internal static class SearchRows
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    public static VideoSearch Search(this VideoDbContext db, VideoSearchOptions? options = null, IQueryVectors? vectors = null)
    {
        var limits = Options.Create(options ?? new());
        return new(db, vectors ?? new ColourVectors(), db.Logos(options, vectors), new IndexSamples(),
            new SideConnectionLimit(limits, TimeProvider.System, NullLogger<SideConnectionLimit>.Instance), limits);
    }

    public static LogoFinder Logos(this VideoDbContext db, VideoSearchOptions? options = null, IQueryVectors? vectors = null)
    {
        var settings = Options.Create(new LogoSearchOptions());
        var folder = new DataFolder(Options.Create(new StorageOptions { DataFolder = Path.GetTempPath() }));
        var decoder = new PictureDecoder(folder, new PictureReader(Options.Create(new MediaToolOptions())));
        var logos = new LogoVectors(db, vectors ?? new ColourVectors(), decoder, Options.Create(new LogoGalleryOptions()), settings);
        return new LogoFinder(db, logos, new BrandList(settings), settings, Options.Create(options ?? new()));
    }

    /// <summary>Moves an index to its own tables with vector indexes, as the server does for large indexes.</summary>
    public static async Task SeparateAsync(this TestDatabase database, VideoIndex index)
    {
        await using var db = database.Open();
        Assert.True(await SearchTableStore.SeparateAsync(db, index.Id, CancellationToken.None));
    }

    /// <summary>Moves segments from the shared table to the table of the index.</summary>
    public static async Task AddToOwnAsync(this TestDatabase database, VideoIndex index)
    {
        await using var db = database.Open();
        var own = await SearchTableStore.ReadAsync(db, index.Id, CancellationToken.None);
        var move = "WITH gone AS (DELETE FROM text_segments WHERE index_id = {0} RETURNING *) INSERT INTO "
            + own[SearchTable.Segments] + " SELECT * FROM gone";
        await db.Database.ExecuteSqlRawAsync(move, index.Id);
    }

    public static async Task<VideoIndex> AddIndexAsync(this TestDatabase database, bool withLogos = false)
    {
        await using var db = database.Open();
        var account = new Account { Id = NewId(), Name = NewId(), CreatedAt = Now };
        var index = new VideoIndex
        {
            Id = NewId(), AccountId = account.Id, Name = NewId(), EngineId = "marengo2", CreatedAt = Now, UpdatedAt = Now, Addons = [],
            Options =
            [
                IndexOptions.Visual, IndexOptions.Conversation, IndexOptions.TextInVideo,
                .. withLogos ? (string[])[IndexOptions.Logo] : [],
            ],
        };
        db.AddRange(account, index);
        await db.SaveChangesAsync();
        return index;
    }

    public static async Task<Video> AddVideoAsync(
        this TestDatabase database, VideoIndex index, Action<Video>? change = null, string? custom = null, bool finished = true)
    {
        var video = new Video
        {
            Id = NewId(), AccountId = index.AccountId, IndexId = index.Id, Filename = "clip.mp4", Duration = 60.5, FramesPerSecond = 25,
            Width = 640, Height = 360,
            Size = 1000, CustomMetadata = custom is null ? null : JsonDocument.Parse(custom), CreatedAt = Now, UpdatedAt = Now,
            IndexedAt = finished ? Now : null,
        };
        change?.Invoke(video);
        await using var db = database.Open();
        db.Add(video);
        await db.SaveChangesAsync();
        return video;
    }

    /// <summary>Adds one frame per second. Each part is a shot of one colour.</summary>
    public static async Task AddFramesAsync(
        this TestDatabase database, Video video, params (int Seconds, string Colour, double Cosine)[] parts)
    {
        await using var db = database.Open();
        var time = 0;
        for (var shot = 0; shot < parts.Length; shot++)
        {
            for (var i = 0; i < parts[shot].Seconds; i++, time++)
            {
                db.Add(new FrameVector
                {
                    IndexId = video.IndexId, VideoId = video.Id, Start = time, End = time + 1, Shot = shot,
                    Embedding = ColourVectors.Picture(parts[shot].Colour, parts[shot].Cosine),
                });
            }
        }
        await db.SaveChangesAsync();
    }

    public static async Task AddTextAsync(
        this TestDatabase database, Video video, TextSource source, params (double Start, double End, string Text)[] segments)
        => await database.AddTextAsync(video, source, "en", segments);

    public static async Task AddTextAsync(this TestDatabase database, Video video, TextSource source, string language,
        params (double Start, double End, string Text)[] segments)
    {
        await using var db = database.Open();
        db.AddRange(segments.Select((segment, number) => new TextSegment
        {
            IndexId = video.IndexId, VideoId = video.Id, Source = source, Number = number, Start = segment.Start, End = segment.End,
            Text = segment.Text, Language = language,
            // Far from every query that names a colour, so that only letters and words count.
            Embedding = segment.Text.Contains("colour:") ? ColourVectors.Half(ColourVectors.Of(segment.Text))
                : ColourVectors.Picture("nothing", 0),
        }));
        await db.SaveChangesAsync();
    }

    private static string NewId() => ObjectIds.New(TimeProvider.System);
}

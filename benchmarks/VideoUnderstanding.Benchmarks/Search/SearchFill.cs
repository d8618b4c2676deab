using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Pgvector;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Benchmarks.Search;

/// <summary>Fills the shared tables and creates their indexes at the end, which takes a fraction of the time.</summary>
internal sealed class SearchFill(VideoDbContext db, SearchPlan plan, SyntheticVectors vectors)
{
    private const int ShotFrames = 6;

    /// <summary>Cosine between the centre of a video and its shots and texts, and between a shot and its frames.</summary>
    private const double SameVideo = 0.6, SameShot = 0.95;

    /// <summary>One video in so many has Cyrillic speech, matches the filter by metadata, or has text on screen. One line on screen in so
    /// many is a brand.</summary>
    private const int CyrillicEvery = 10, FilteredEvery = 100, ScreenEvery = 4, BrandEvery = 500;

    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private static readonly string[] Tables = ["frame_vectors", "text_segments"];

    private readonly Random _random = new(42);

    /// <summary>Names of the large and the small index.</summary>
    public const string Large = "large", Small = "small";

    /// <summary>Field and value of custom metadata that one video in a hundred has.</summary>
    public static (string Field, string Value) Filter => ("part", "7");

    public async Task FillAsync()
    {
        db.Database.SetCommandTimeout(0);
        await db.Database.OpenConnectionAsync();
        var indexes = await db.Database.SqlQueryRaw<string>(
            "SELECT indexdef AS \"Value\" FROM pg_indexes WHERE tablename IN ('frame_vectors', 'text_segments') AND indexname NOT LIKE "
                + "'pk%'").ToListAsync();
        var names = indexes.Select(index => index.Split(' ')[2]).ToList();
        await ExecuteAsync($"DROP INDEX {string.Join(", ", names)}");
        await FillAsync(Large, plan);
        await FillAsync(Small, plan.Tenth());
        await ExecuteAsync("SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 2");
        foreach (var index in indexes)
            await ExecuteAsync(index);
        foreach (var table in Tables.Append("videos"))
            await ExecuteAsync($"VACUUM ANALYZE {table}");
        await db.Database.CloseConnectionAsync();
    }

    private async Task FillAsync(string name, SearchPlan size)
    {
        var account = new Account { Id = NewId(), Name = name, CreatedAt = Now };
        var index = new VideoIndex
        {
            Id = NewId(), AccountId = account.Id, Name = name, EngineId = "marengo2", CreatedAt = Now, UpdatedAt = Now, Addons = [],
            Options = [IndexOptions.Visual, IndexOptions.Conversation, IndexOptions.TextInVideo, IndexOptions.Logo],
        };
        db.AddRange(account, index);
        var videos = Enumerable.Range(0, size.Videos).Select(number => VideoOf(index, number)).ToList();
        db.AddRange(videos);
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
        await using (var frames = await CopyAsync("frame_vectors (index_id, video_id, start, \"end\", shot, embedding)"))
        {
            for (var number = 0; number < videos.Count; number++)
                await WriteFramesAsync(frames, videos[number], number, Share(size.Frames, size.Videos, number));
            await frames.CompleteAsync();
        }
        await using var texts = await CopyAsync(
            "text_segments (index_id, video_id, source, number, start, \"end\", text, words, language, embedding)");
        for (var number = 0; number < videos.Count; number++)
        {
            await WriteTextsAsync(texts, videos[number], number, "speech", Share(size.Segments, size.Videos, number), 5, 15);
            if (number % ScreenEvery == 0)
                await WriteTextsAsync(texts, videos[number], number, "screen",
                    Share(size.Lines, size.Videos / ScreenEvery, number / ScreenEvery), 1, 5);
        }
        await texts.CompleteAsync();
    }

    private static Video VideoOf(VideoIndex index, int number) => new()
    {
        Id = NewId(), AccountId = index.AccountId, IndexId = index.Id, Filename = "clip.mp4", Duration = 150, FramesPerSecond = 25,
        Width = 640, Height = 360, Size = 1000, CreatedAt = Now, UpdatedAt = Now,
        IndexedAt = Now, CustomMetadata = System.Text.Json.JsonDocument.Parse($$"""{"{{Filter.Field}}": "{{number % FilteredEvery}}"}"""),
    };

    private async Task WriteFramesAsync(NpgsqlBinaryImporter rows, Video video, int number, int count)
    {
        var (centre, shot) = (vectors.Centre(number), Array.Empty<float>());
        for (var frame = 0; frame < count; frame++)
        {
            if (frame % ShotFrames == 0)
                shot = vectors.Near(centre, SameVideo, _random);
            await rows.StartRowAsync();
            await rows.WriteAsync(video.IndexId);
            await rows.WriteAsync(video.Id);
            await rows.WriteAsync((double)frame);
            await rows.WriteAsync(frame + 1.0);
            await rows.WriteAsync(frame / ShotFrames, NpgsqlDbType.Integer);
            await rows.WriteAsync(VectorColumns.HalfOf(vectors.Near(shot, SameShot, _random)));
        }
    }

    private async Task WriteTextsAsync(
        NpgsqlBinaryImporter rows, Video video, int number, string source, int count, int minWords, int maxWords)
    {
        var (centre, cyrillic) = (vectors.Centre(number), number % CyrillicEvery == 1);
        for (var segment = 0; segment < count; segment++)
        {
            await rows.StartRowAsync();
            await rows.WriteAsync(video.IndexId);
            await rows.WriteAsync(video.Id);
            await rows.WriteAsync(source);
            await rows.WriteAsync(segment, NpgsqlDbType.Integer);
            await rows.WriteAsync(segment * 4.0);
            await rows.WriteAsync(segment * 4.0 + 3);
            var text = source == "screen" && _random.Next(BrandEvery) == 0 ? "NIKE"
                : SyntheticText.Sentence(_random, _random.Next(minWords, maxWords), cyrillic);
            await rows.WriteAsync(text);
            await rows.WriteAsync(PlainWords.Column(text));
            await rows.WriteAsync(cyrillic ? "ru" : "en");
            await rows.WriteAsync(VectorColumns.HalfOf(vectors.Near(centre, SameVideo, _random)));
        }
    }

    private async Task<NpgsqlBinaryImporter> CopyAsync(string into)
        => await ((NpgsqlConnection)db.Database.GetDbConnection()).BeginBinaryImportAsync($"COPY {into} FROM STDIN (FORMAT BINARY)");

    // The SQL comes only from this class and from the database catalog.
    private Task<int> ExecuteAsync(string sql) => db.Database.ExecuteSqlRawAsync(sql);

    private static int Share(int total, int parts, int part) => (int)((long)total * (part + 1) / parts - (long)total * part / parts);

    private static string NewId() => ObjectIds.New(TimeProvider.System);
}

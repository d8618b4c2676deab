using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Filters;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>100,000 random vectors with 64 dimensions in a large and a small index, each with its own tables, and an exact comparison in
/// memory.</summary>
public sealed class RandomVectors(DatabaseTemplate template) : IAsyncLifetime
{
    private const int Length = 64;
    public const int Videos = 200;
    public const int FramesEach = 500;

    private readonly List<(string Index, string Video, double Start, float[] Vector)> _rows = [];

    public TestDatabase Database { get; private set; } = null!;
    public VideoIndex Large { get; private set; } = null!;

    /// <summary>Contains every twentieth video.</summary>
    public VideoIndex Small { get; private set; } = null!;

    public IEnumerable<string> SmallVideos => _rows.Where(row => row.Index == Small.Id).Select(row => row.Video).Distinct();

    public async ValueTask InitializeAsync()
    {
        Database = await template.CopyAsync();
        (Large, Small) = (await Database.AddIndexAsync(), await Database.AddIndexAsync());
        var random = new Random(42);
        for (var i = 0; i < Videos; i++)
        {
            var video = await Database.AddVideoAsync(i % 20 == 0 ? Small : Large, row => row.Width = i);
            _rows.AddRange(Enumerable.Range(0, FramesEach).Select(frame => (video.IndexId, video.Id, (double)frame, Vector(random))));
        }
        await using var db = Database.Open();
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(5));
        Assert.Null(await VectorColumns.EnsureAsync(db, new("model", Length), new("model", Length), CancellationToken.None));
        await CopyAsync(db);
        foreach (var index in new[] { Large, Small })
            await Database.SeparateAsync(index);
        await db.Database.ExecuteSqlRawAsync("ANALYZE");
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    /// <summary>Returns values that the half-precision column stores without rounding, so the comparison in memory is exact.</summary>
    public static float[] Vector(Random random) => [.. Enumerable.Range(0, Length).Select(_ => (float)(Half)(random.NextDouble() - 0.5))];

    /// <summary>Returns the nearest frames in order of distance. Supports conditions on the identifier and on the width, which is the
    /// number of the video.</summary>
    internal IEnumerable<(string, double)> Expected(SearchScope scope, float[] query, int limit)
    {
        var videos = _rows.Select(row => row.Video).Distinct().ToList();
        var allowed = scope.Filter.Conditions.SingleOrDefault() switch
        {
            VideoIsOneOf one => one.Ids.ToHashSet(),
            NumberBetween between => videos.Skip((int)between.AtLeast!.Value).ToHashSet(),
            _ => videos.ToHashSet(),
        };
        return _rows.Where(row => row.Index == scope.IndexId && allowed.Contains(row.Video))
            .OrderBy(row => 1 - Cosine(row.Vector, query)).Take(limit).Select(row => (row.Video, row.Start));
    }

    private async Task CopyAsync(VideoDbContext db)
    {
        await db.Database.OpenConnectionAsync();
        await using var import = await ((NpgsqlConnection)db.Database.GetDbConnection())
            .BeginBinaryImportAsync("COPY frame_vectors (index_id, video_id, start, \"end\", shot, embedding) FROM STDIN (FORMAT BINARY)");
        foreach (var row in _rows)
        {
            await import.StartRowAsync();
            await import.WriteAsync(row.Index);
            await import.WriteAsync(row.Video);
            await import.WriteAsync(row.Start);
            await import.WriteAsync(row.Start + 1);
            await import.WriteAsync(0, NpgsqlDbType.Integer);
            await import.WriteAsync(ColourVectors.Half(row.Vector));
        }
        await import.CompleteAsync();
    }

    private static double Cosine(float[] one, float[] other)
    {
        double product = 0, first = 0, second = 0;
        for (var i = 0; i < one.Length; i++)
        {
            product += one[i] * other[i];
            first += one[i] * one[i];
            second += other[i] * other[i];
        }
        return product / Math.Sqrt(first * second);
    }
}

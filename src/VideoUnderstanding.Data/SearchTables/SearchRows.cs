using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using VideoUnderstanding.Data.Configurations;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.SearchTables;

/// <summary>A time range of a video, in seconds; <paramref name="To"/> is exclusive. Rows belong to it by their start.</summary>
public readonly record struct VideoRange(string IndexId, string VideoId, double From, double To)
{
    /// <summary>The tables to write; null: those that searches read.</summary>
    public SearchTableNames? Into { get; init; }

    public static VideoRange All(string indexId, string videoId)
        => new(indexId, videoId, double.NegativeInfinity, double.PositiveInfinity);
}

/// <summary>Replaces the rows of a time range of one video in its index's tables, with COPY, in the caller's transaction. Repeating it
/// gives the same rows.</summary>
public static class SearchRows
{
    public static async Task ReplaceFramesAsync(
        VideoDbContext db, VideoRange range, IEnumerable<FrameVector> rows, CancellationToken cancellationToken)
    {
        var table = await ClearAsync(db, range, SearchTable.Frames, null, cancellationToken);
        await CopyAsync(db, $"{table} (index_id, video_id, start, \"end\", shot, embedding)", rows, async (copy, row) =>
        {
            await WriteAsync(copy, row.IndexId, row.VideoId, row.Start, row.End, cancellationToken);
            await copy.WriteAsync(row.Shot, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(row.Embedding, cancellationToken);
        }, cancellationToken);
    }

    public static async Task ReplaceSegmentsAsync(VideoDbContext db, VideoRange range, TextSource source,
        IEnumerable<TextSegment> rows, CancellationToken cancellationToken)
    {
        var table = await ClearAsync(db, range, SearchTable.Segments, source, cancellationToken);
        await CopyAsync(db, $"{table} (index_id, video_id, start, \"end\", source, number, text, words, language, embedding)", rows,
            async (copy, row) =>
            {
                await WriteAsync(copy, row.IndexId, row.VideoId, row.Start, row.End, cancellationToken);
                await copy.WriteAsync(StoredName(row.Source), cancellationToken);
                await copy.WriteAsync(row.Number, NpgsqlDbType.Integer, cancellationToken);
                await copy.WriteAsync(row.Text, cancellationToken);
                await copy.WriteAsync(row.Words, cancellationToken);
                await copy.WriteAsync(row.Language, cancellationToken);
                await copy.WriteAsync(row.Embedding, cancellationToken);
            }, cancellationToken);
    }

    public static async Task ReplaceRegionsAsync(
        VideoDbContext db, VideoRange range, IEnumerable<LogoRegion> rows, CancellationToken cancellationToken)
    {
        var table = await ClearAsync(db, range, SearchTable.Regions, null, cancellationToken);
        await CopyAsync(db, $"{table} (index_id, video_id, start, \"end\", \"left\", top, width, height, embedding)", rows,
            async (copy, row) =>
            {
                await WriteAsync(copy, row.IndexId, row.VideoId, row.Start, row.End, cancellationToken);
                foreach (var share in (float[])[row.Left, row.Top, row.Width, row.Height])
                    await copy.WriteAsync(share, NpgsqlDbType.Real, cancellationToken);
                await copy.WriteAsync(row.Embedding, cancellationToken);
            }, cancellationToken);
    }

    public static async Task ReplaceSoundsAsync(
        VideoDbContext db, VideoRange range, IEnumerable<SoundMoment> rows, CancellationToken cancellationToken)
    {
        var table = await ClearAsync(db, range, SearchTable.Sounds, null, cancellationToken);
        await CopyAsync(db, $"{table} (index_id, video_id, start, \"end\", classes, scores)", rows, async (copy, row) =>
        {
            await WriteAsync(copy, row.IndexId, row.VideoId, row.Start, row.End, cancellationToken);
            await copy.WriteAsync(row.Classes, NpgsqlDbType.Array | NpgsqlDbType.Smallint, cancellationToken);
            await copy.WriteAsync(row.Scores, NpgsqlDbType.Array | NpgsqlDbType.Real, cancellationToken);
        }, cancellationToken);
    }

    /// <returns>Name of the table, after deleting the rows of the range.</returns>
    private static async Task<string> ClearAsync(
        VideoDbContext db, VideoRange range, SearchTable table, TextSource? source, CancellationToken cancellationToken)
    {
        var tables = range.Into ?? await SearchTableStore.LockForWritingAsync(db, range.IndexId, cancellationToken);
        object[] which = [range.VideoId, range.From, range.To];
        await (source is { } one
            ? db.Database.ExecuteSqlRawAsync(SearchTableShape.DeleteSource(tables, table), [.. which, StoredName(one)], cancellationToken)
            : db.Database.ExecuteSqlRawAsync(SearchTableShape.DeleteRange(tables, table), which, cancellationToken));
        return tables[table];
    }

    private static string StoredName(TextSource source) => (string)LowerCase.Of<TextSource>().ConvertToProvider(source)!;

    private static async Task CopyAsync<T>(VideoDbContext db, string into, IEnumerable<T> rows, Func<NpgsqlBinaryImporter, T, Task> write,
        CancellationToken cancellationToken)
    {
        await using var copy = await ((NpgsqlConnection)db.Database.GetDbConnection())
            .BeginBinaryImportAsync($"COPY {into} FROM STDIN (FORMAT BINARY)", cancellationToken);
        copy.Timeout = TimeSpan.FromSeconds(db.Database.GetCommandTimeout() ?? 0);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancellationToken);
            await write(copy, row);
        }
        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task WriteAsync(
        NpgsqlBinaryImporter copy, string indexId, string videoId, double start, double end, CancellationToken cancellationToken)
    {
        await copy.WriteAsync(indexId, cancellationToken);
        await copy.WriteAsync(videoId, cancellationToken);
        await copy.WriteAsync(start, cancellationToken);
        await copy.WriteAsync(end, cancellationToken);
    }
}

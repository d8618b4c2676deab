using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using VideoUnderstanding.Data.Configurations;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.SearchTables;

/// <summary>Replaces the rows of one video in the tables of its index, by COPY, in the caller's transaction.</summary>
public static class SearchRows
{
    public static async Task ReplaceFramesAsync(
        VideoDbContext db, string indexId, string videoId, IEnumerable<FrameVector> rows, CancellationToken cancellationToken)
    {
        var table = await EmptyAsync(db, indexId, SearchTable.Frames, videoId, null, cancellationToken);
        await CopyAsync(db, $"{table} (index_id, video_id, start, \"end\", shot, embedding)", rows, async (copy, row) =>
        {
            await WriteAsync(copy, row.IndexId, row.VideoId, row.Start, row.End, cancellationToken);
            await copy.WriteAsync(row.Shot, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(row.Embedding, cancellationToken);
        }, cancellationToken);
    }

    public static async Task ReplaceSegmentsAsync(VideoDbContext db, string indexId, string videoId, TextSource source,
        IEnumerable<TextSegment> rows, CancellationToken cancellationToken)
    {
        var table = await EmptyAsync(db, indexId, SearchTable.Segments, videoId, source, cancellationToken);
        await CopyAsync(db, $"{table} (index_id, video_id, start, \"end\", source, number, text, words, language, embedding)", rows,
            async (copy, row) =>
            {
                await WriteAsync(copy, row.IndexId, row.VideoId, row.Start, row.End, cancellationToken);
                await copy.WriteAsync(Stored(row.Source), cancellationToken);
                await copy.WriteAsync(row.Number, NpgsqlDbType.Integer, cancellationToken);
                await copy.WriteAsync(row.Text, cancellationToken);
                await copy.WriteAsync(row.Words, cancellationToken);
                await copy.WriteAsync(row.Language, cancellationToken);
                await copy.WriteAsync(row.Embedding, cancellationToken);
            }, cancellationToken);
    }

    public static async Task ReplaceRegionsAsync(
        VideoDbContext db, string indexId, string videoId, IEnumerable<LogoRegion> rows, CancellationToken cancellationToken)
    {
        var table = await EmptyAsync(db, indexId, SearchTable.Regions, videoId, null, cancellationToken);
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
        VideoDbContext db, string indexId, string videoId, IEnumerable<SoundMoment> rows, CancellationToken cancellationToken)
    {
        var table = await EmptyAsync(db, indexId, SearchTable.Sounds, videoId, null, cancellationToken);
        await CopyAsync(db, $"{table} (index_id, video_id, start, \"end\", classes, scores)", rows, async (copy, row) =>
        {
            await WriteAsync(copy, row.IndexId, row.VideoId, row.Start, row.End, cancellationToken);
            await copy.WriteAsync(row.Classes, NpgsqlDbType.Array | NpgsqlDbType.Smallint, cancellationToken);
            await copy.WriteAsync(row.Scores, NpgsqlDbType.Array | NpgsqlDbType.Real, cancellationToken);
        }, cancellationToken);
    }

    /// <returns>The table, which has no rows of the video any more.</returns>
    private static async Task<string> EmptyAsync(VideoDbContext db, string indexId, SearchTable table, string videoId, TextSource? source,
        CancellationToken cancellationToken)
    {
        var tables = await SearchTableStore.LockForWritingAsync(db, indexId, cancellationToken);
        string[] videos = [videoId];
        await (source is { } one
            ? db.Database.ExecuteSqlRawAsync(SearchTableShape.DeleteSource(tables, table), [videos, Stored(one)], cancellationToken)
            : db.Database.ExecuteSqlRawAsync(SearchTableShape.DeleteVideos(tables, table), [videos], cancellationToken));
        return tables[table];
    }

    private static string Stored(TextSource source) => (string)LowerCase.Of<TextSource>().ConvertToProvider(source)!;

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

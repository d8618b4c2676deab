using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Pgvector;
using VideoUnderstanding.Data;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Logos;

namespace VideoUnderstanding.Search;

/// <summary>Runs the statements of searches: the exact way for few rows, else by the HNSW index. Nearest frames and segments are never fewer than exist; where
/// a look may bring less, it says so.</summary>
/// <param name="kept">Draws that are kept beyond this reader; null keeps them as long as the reader.</param>
internal sealed class ClipReader(VideoDbContext db, IOptions<VideoSearchOptions> options, IndexSamples? kept = null)
{
    /// <summary>Words of a query that are looked for; more do not make it clearer. PostgreSQL has no words of 2 KB, and nobody says longer ones than this.</summary>
    private const int MostWords = 32, LongestWord = 100;

    private readonly VideoSearchOptions limits = options.Value;
    private readonly IndexSamples samples = kept ?? new IndexSamples();

    /// <param name="size">Of the scope, for as many frames.</param>
    /// <returns>The nearest frames, the nearest first: as many as asked, or all that exist.</returns>
    public async Task<IReadOnlyList<FrameHit>> NearestFramesAsync(SearchScope scope, ScopeSize size, float[] query, int limit, CancellationToken cancellationToken)
        => size == ScopeSize.Large && await FramesByIndexAsync(scope, query, limit, [], cancellationToken) is var found && found.Count == limit
            ? found
            : await ListAsync(ClipQueries.FramesByScan(scope, query, limit), ReadFrame, cancellationToken);

    /// <returns>What the index brings, the nearest first: fewer than asked where it gives up.</returns>
    public async Task<IReadOnlyList<FrameHit>> FramesByIndexAsync(
        SearchScope scope, float[] query, int limit, IReadOnlyCollection<string> exceptVideos, CancellationToken cancellationToken)
        // The index compares rounded lengths, so neighbours may stand the wrong way round.
        => [.. (await ByIndexAsync(ClipQueries.FramesByIndex(scope, query, limit, exceptVideos), ReadFrame, cancellationToken)).OrderBy(hit => hit.Distance)];

    /// <returns>The nearest segments, the nearest first: as many as asked, or all that exist.</returns>
    public async Task<IReadOnlyList<SegmentHit>> NearestSegmentsAsync(
        SearchScope scope, string source, float[] query, int limit, CancellationToken cancellationToken)
    {
        if (await SizeAsync(SizeQueries.Segments, scope, source, limit, cancellationToken) == ScopeSize.Large)
        {
            var found = await ByIndexAsync(ClipQueries.SegmentsByIndex(scope, source, query, limit), ReadSegment, cancellationToken);
            if (found.Count == limit)
                return [.. found.OrderBy(hit => hit.Distance)];
        }
        return await ListAsync(ClipQueries.SegmentsByScan(scope, source, query, limit), ReadSegment, cancellationToken);
    }

    /// <param name="limit">Frames that are wanted.</param>
    public Task<ScopeSize> SizeOfFramesAsync(SearchScope scope, int limit, CancellationToken cancellationToken)
        => SizeAsync(SizeQueries.Frames, scope, null, limit, cancellationToken);

    /// <returns>The videos with the nearest frames, by comparison with every frame; of very many frames, with some of every part of the table.</returns>
    public async Task<(List<string> Videos, bool IsExact)> NearestVideosAsync(SearchScope scope, float[] query, int limit, CancellationToken cancellationToken)
    {
        var most = ScanBounds.Sample(limits);
        var isExact = await CountUpToAsync(SizeQueries.Frames, scope, most + 1, cancellationToken) <= most;
        var percent = isExact ? 100 : Math.Min(100, 100 * most / Math.Max(1, await TableRowsAsync(SizeQueries.Frames, cancellationToken)));
        return (await ListAsync(ClipQueries.VideosByScan(scope, query, limit, percent), row => row.GetString(0), cancellationToken), isExact);
    }

    /// <summary>All frames of the scope, video by video in order of time.</summary>
    public IAsyncEnumerable<FrameHit> CurvesAsync(SearchScope scope, float[] query, CancellationToken cancellationToken)
        => StreamAsync(ClipQueries.Curves(scope, query), ReadFrame, cancellationToken);

    /// <summary>How far a query is from what is ordinary in an index. Nothing but the draw is asked of the database, and that only when it is not kept.</summary>
    public async Task<List<SampledDistance>> SampleDistancesAsync(string indexId, float[] query, int videos, int framesEach, CancellationToken cancellationToken)
        => IndexSamples.Distances(await SampleAsync(new SampleKey(indexId, null, videos, framesEach), cancellationToken), query);

    /// <inheritdoc cref="SampleDistancesAsync"/>
    public async Task<List<SampledDistance>> SampleSegmentDistancesAsync(
        string indexId, string source, float[] query, int videos, int segmentsEach, CancellationToken cancellationToken)
        => IndexSamples.Distances(await SampleAsync(new SampleKey(indexId, source, videos, segmentsEach), cancellationToken), query);

    public IAsyncEnumerable<(FramePlace Place, HalfVector Vector)> FrameVectorsAtAsync(
        string indexId, IReadOnlyCollection<FramePlace> places, CancellationToken cancellationToken)
        => StreamAsync(ClipQueries.FrameVectorsAt(indexId, places), row => (new FramePlace(row.GetString(0), row.GetDouble(1)), row.GetFieldValue<HalfVector>(2)), cancellationToken);

    public IAsyncEnumerable<(long Id, HalfVector Vector)> SegmentVectorsOfAsync(string indexId, IReadOnlyCollection<long> segments, CancellationToken cancellationToken)
        => StreamAsync(ClipQueries.SegmentVectorsOf(indexId, segments), row => (row.GetInt64(0), row.GetFieldValue<HalfVector>(1)), cancellationToken);

    /// <summary>All frames of the scope with their vectors, in no order.</summary>
    public IAsyncEnumerable<FrameRow> FrameVectorsAsync(SearchScope scope, CancellationToken cancellationToken)
        => StreamAsync(ClipQueries.FrameVectors(scope),
            row => new FrameRow(row.GetString(0), row.GetDouble(1), row.GetDouble(2), row.GetInt32(3), row.GetFieldValue<HalfVector>(4)), cancellationToken);

    /// <summary>All segments of the scope with their vectors, in no order.</summary>
    public IAsyncEnumerable<SegmentRow> SegmentVectorsAsync(SearchScope scope, string source, CancellationToken cancellationToken)
        => StreamAsync(ClipQueries.SegmentVectors(scope, source),
            row => new SegmentRow(row.GetInt64(0), row.GetString(1), row.GetDouble(2), row.GetDouble(3), row.GetString(4), row.GetFieldValue<HalfVector>(5)), cancellationToken);

    /// <summary>The frames of <see cref="SampleDistancesAsync"/>.</summary>
    public async IAsyncEnumerable<(HalfVector Vector, string VideoId)> SampleVectorsAsync(
        string indexId, int videos, int framesEach, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var row in await SampleAsync(new SampleKey(indexId, null, videos, framesEach), cancellationToken))
            yield return (row.Vector, row.VideoId);
    }

    /// <param name="words">As <see cref="Words.PlainWords"/> gives them.</param>
    public Task<List<SegmentHit>> SegmentsByWordsAsync(
        SearchScope scope, string source, float[] query, IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        var asked = words.Where(word => word.Length <= LongestWord).Distinct().Take(MostWords).ToList();
        return ListAsync(ClipQueries.SegmentsByWords(scope, source, query, asked, limits.CandidateSegments), ReadSegment, cancellationToken);
    }

    /// <param name="least">Similarity of letters, 0 to 1, below which nothing is told; the lower, the longer it takes.</param>
    public Task<List<SegmentHit>> SegmentsByLettersAsync(SearchScope scope, string source, float[] query, string text, double least, CancellationToken cancellationToken)
        => WithSettingsAsync(
            string.Create(CultureInfo.InvariantCulture, $"SET LOCAL pg_trgm.word_similarity_threshold = {least}"),
            () => ListAsync(ClipQueries.SegmentsByLetters(scope, source, query, text, limits.CandidateSegments), ReadSegment, cancellationToken),
            cancellationToken);

    /// <summary>Segments that have each piece within reach, and those around them, video by video in order.</summary>
    public IAsyncEnumerable<TextRow> TextAroundAsync(SearchScope scope, string source, IReadOnlyList<string> pieces, int reach, CancellationToken cancellationToken)
        => StreamAsync(PhraseQueries.TextAround(scope, source, pieces, reach), ReadText, cancellationToken);

    /// <inheritdoc cref="ScreenLineQueries.LinesWith"/>
    public Task<List<ScreenLine>> ScreenLinesWithAsync(SearchScope scope, string letters, ScreenLine after, int limit, CancellationToken cancellationToken)
        => ListAsync(ScreenLineQueries.LinesWith(scope, letters, after, limit),
            row => new ScreenLine(row.GetString(0), row.GetInt32(1), row.GetDouble(2), row.GetDouble(3), row.GetString(4)), cancellationToken);

    /// <inheritdoc cref="SizeQueries.CountUpTo"/>
    public Task<long> CountUpToAsync(string table, SearchScope scope, long most, CancellationToken cancellationToken)
        => CountUpToAsync(table, scope, most, null, cancellationToken);

    private async Task<long> CountUpToAsync(string table, SearchScope scope, long most, string? source, CancellationToken cancellationToken)
        => (await ListAsync(SizeQueries.CountUpTo(table, scope, most, source), row => row.GetInt64(0), cancellationToken))[0];

    public async Task<IReadOnlyDictionary<string, long>> CountRowsOfAsync(string table, SearchScope scope, IReadOnlyCollection<string> videos, CancellationToken cancellationToken)
        => (await ListAsync(SizeQueries.CountRowsOf(table, scope, videos), row => (VideoId: row.GetString(0), Rows: row.GetInt64(1)), cancellationToken))
            .ToDictionary(count => count.VideoId, count => count.Rows);

    /// <summary>Parts of pictures that look like these brands, video by video.</summary>
    public IAsyncEnumerable<RegionHit> RegionsLikeAsync(SearchScope scope, IReadOnlyCollection<string> names, double distance, CancellationToken cancellationToken)
        => StreamAsync(ClipQueries.RegionsLike(scope, names, distance),
            row => new RegionHit(row.GetString(0), row.GetDouble(1), row.GetDouble(2), row.GetString(3), row.GetDouble(4)), cancellationToken);

    /// <summary>Settings of the look into the HNSW index. It gives up at the tuples that are set and not before: the memory for what it has seen, 16 times work_mem, is for that many. Without a sort as a way out, the planner uses the index it was asked to use.</summary>
    internal static string IndexSettings(VideoSearchOptions limits) => string.Create(CultureInfo.InvariantCulture,
        $"SET LOCAL hnsw.iterative_scan = strict_order; SET LOCAL hnsw.ef_search = {limits.HnswBreadth}; SET LOCAL hnsw.max_scan_tuples = {limits.HnswScanTuples}; SET LOCAL hnsw.scan_mem_multiplier = 16; SET LOCAL enable_sort = off");

    private Task<List<T>> ByIndexAsync<T>(SqlStatement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken)
        => WithSettingsAsync(IndexSettings(limits), () => ListAsync(statement, read, cancellationToken), cancellationToken);

    /// <summary>Settings hold until the transaction ends, so that a pooled connection does not carry them on.</summary>
    private async Task<T> WithSettingsAsync<T>(string settings, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync(settings, cancellationToken);
        var result = await work();
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    private async Task<IReadOnlyList<SampledVector>> SampleAsync(SampleKey key, CancellationToken cancellationToken)
    {
        var state = await ListAsync(ClipQueries.VideosOf(key.IndexId), row => new IndexState(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetDateTime(1)), cancellationToken);
        return await samples.GetAsync(key, state[0],
            () => ListAsync(ClipQueries.Sample(key), row => new SampledVector(row.GetFieldValue<HalfVector>(0), row.GetString(1)), cancellationToken));
    }

    private async Task<ScopeSize> SizeAsync(string table, SearchScope scope, string? source, int limit, CancellationToken cancellationToken)
    {
        var cheap = ScanBounds.CheapScan(limits, limit, await TableRowsAsync(table, cancellationToken));
        var rows = await CountUpToAsync(table, scope, cheap + 1, source, cancellationToken);
        return rows > cheap ? ScopeSize.Large : rows > limits.ExactVectors ? ScopeSize.Scannable : ScopeSize.Small;
    }

    private async Task<double> TableRowsAsync(string table, CancellationToken cancellationToken)
        => (await ListAsync(SizeQueries.RowsOfAllIndexes(table), row => row.GetDouble(0), cancellationToken))[0];

    private async Task<List<T>> ListAsync<T>(SqlStatement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await foreach (var row in StreamAsync(statement, read, cancellationToken))
            rows.Add(row);
        return rows;
    }

    private async IAsyncEnumerable<T> StreamAsync<T>(SqlStatement statement, Func<DbDataReader, T> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand(statement.Text, (NpgsqlConnection)db.Database.GetDbConnection())
            {
                CommandTimeout = limits.StatementSeconds,
            };
            for (var i = 0; i < statement.Values.Count; i++)
                command.Parameters.AddWithValue($"p{i}", statement.Values[i]);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                yield return read(reader);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private static TextRow ReadText(DbDataReader row) => new(row.GetString(0), row.GetInt32(1), row.GetDouble(2), row.GetDouble(3), row.GetString(4));

    private static FrameHit ReadFrame(DbDataReader row) => new(row.GetString(0), row.GetDouble(1), row.GetDouble(2), row.GetInt32(3), row.GetDouble(4));

    private static SegmentHit ReadSegment(DbDataReader row)
        => new(row.GetInt64(0), row.GetString(1), row.GetDouble(2), row.GetDouble(3), row.GetString(4), row.GetDouble(5), row.GetDouble(6));
}

using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Pgvector;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Data.Words;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Logos;
using VideoUnderstanding.Search.Moments;
using VideoUnderstanding.Search.Sound;

namespace VideoUnderstanding.Search;

/// <summary>Runs the statements of searches: the exact way for small indexes and narrow filters, else by the HNSW index.</summary>
/// <param name="kept">Draws that are kept beyond this reader; null keeps them as long as the reader.</param>
internal sealed class ClipReader(VideoDbContext db, IOptions<VideoSearchOptions> options, IndexSamples? kept = null)
{
    /// <summary>Words of a query that are looked for; more do not make it clearer. PostgreSQL has no words of 2 KB, and nobody says longer
    /// ones than this.</summary>
    private const int MostWords = 32, LongestWord = 100;

    /// <summary>Letters of a query that are compared with those of segments: more than the longest sentence that may be misspelt
    /// has.</summary>
    private const int MostLetters = 400;

    /// <summary>Looks into the index for the videos of a search, each as large as the settings say.</summary>
    private const int MostLooks = 10;

    /// <summary>Name of a cursor, which the transaction of a search has for itself.</summary>
    private const string NearFrames = "near_frames";

    private readonly VideoSearchOptions _limits = options.Value;
    private readonly IndexSamples _samples = kept ?? new IndexSamples();

    /// <summary>Whether all rows of the scope are looked at: those of a small index, and of a large one those that a filter keeps, if they
    /// are few.</summary>
    /// <param name="source">Of segments; null for other rows.</param>
    public async Task<bool> IsSmallAsync(SearchTable table, SearchScope scope, string? source, CancellationToken cancellationToken)
        => !scope.Tables.IsOwn || _limits.ComparesAll
            || (scope.Filter.Conditions.Count > 0
                && await CountUpToAsync(table, scope, _limits.ExactVectors + 1L, source, cancellationToken) <= _limits.ExactVectors);

    /// <summary>The videos of the nearest frames, in the order of their nearest. Reads from the HNSW index until there are
    /// enough.</summary>
    /// <param name="scope">In a large index.</param>
    /// <returns>As many as the settings allow, or all that exist; fewer only where the nearest frames, ten times as many as one look
    /// brings, are of fewer videos.</returns>
    public async Task<List<string>> NearestVideosAsync(SearchScope scope, float[] query, CancellationToken cancellationToken)
    {
        var found = await FramesByIndexAsync(scope, query, MostLooks * _limits.CandidateVectors,
            hits => hits.DistinctBy(hit => hit.VideoId).Count() >= _limits.CandidateVideos, cancellationToken);
        var videos = found.Select(hit => hit.VideoId).Distinct().Take(_limits.CandidateVideos).ToList();
        // Among many rows that do not count, the index gives up: hnsw.max_scan_tuples.
        return videos.Count < _limits.CandidateVideos && found.Count < _limits.CandidateVectors
            ? await ListAsync(ClipQueries.VideosByScan(scope, query, _limits.CandidateVideos), row => row.GetString(0), cancellationToken)
            : videos;
    }

    /// <returns>What the index brings, the nearest first: fewer than asked where it gives up, or where enough were found.</returns>
    public async Task<IReadOnlyList<FrameHit>> FramesByIndexAsync(
        SearchScope scope, float[] query, int limit, Func<IReadOnlyList<FrameHit>, bool> isEnough, CancellationToken cancellationToken)
    {
        var found = new List<FrameHit>();
        await WithSettingsAsync(IndexSettings(_limits), async () =>
        {
            // A cursor goes on where it stopped, so that nothing is compared twice and nothing that is not needed.
            await ExecuteAsync(ClipQueries.FramesByIndex(scope, query, limit).AsCursor(NearFrames), cancellationToken);
            for (var wanted = Math.Min(limit, _limits.CandidateVectors); wanted > 0;
                wanted = Math.Min(limit - found.Count, _limits.CandidateVectors))
            {
                var batch = await ListAsync(new SqlStatement($"FETCH {wanted} FROM {NearFrames}", []), ReadFrame, cancellationToken);
                found.AddRange(batch);
                if (batch.Count < wanted || isEnough(found))
                    break;
            }
            await ExecuteAsync(new SqlStatement($"CLOSE {NearFrames}", []), cancellationToken);
            return true;
        }, cancellationToken);
        // The index compares rounded lengths, so neighbours may stand the wrong way round.
        return [.. found.OrderBy(hit => hit.Distance)];
    }

    /// <returns>The nearest segments, the nearest first: as many as asked, or all that exist.</returns>
    public async Task<IReadOnlyList<SegmentHit>> NearestSegmentsAsync(
        SearchScope scope, string source, float[] query, int limit, CancellationToken cancellationToken)
    {
        if (!await IsSmallAsync(SearchTable.Segments, scope, source, cancellationToken))
        {
            var statement = ClipQueries.SegmentsByIndex(scope, source, query, limit);
            var found = await WithSettingsAsync(IndexSettings(_limits), () => ListAsync(statement, ReadSegment, cancellationToken),
                cancellationToken);
            if (found.Count == limit)
                return [.. found.OrderBy(hit => hit.Distance)];
        }
        return await ListAsync(ClipQueries.SegmentsByScan(scope, source, query, limit), ReadSegment, cancellationToken);
    }

    /// <summary>All frames of each video of the scope, in order of time.</summary>
    public IAsyncEnumerable<(string VideoId, CurveFrame[] Frames)> CurvesAsync(
        SearchScope scope, float[] query, CancellationToken cancellationToken)
        => StreamAsync(ClipQueries.Curves(scope, query), ReadCurve, cancellationToken);

    /// <summary>How far a query is from what is ordinary in an index. Nothing but the draw is asked of the database, and that only when it
    /// is not kept.</summary>
    public async Task<List<SampledDistance>> SampleDistancesAsync(
        SearchScope scope, float[] query, int videos, int framesEach, CancellationToken cancellationToken)
        => IndexSamples.Distances(await SampleAsync(scope, null, videos, framesEach, cancellationToken), query);

    /// <inheritdoc cref="SampleDistancesAsync"/>
    public async Task<List<SampledDistance>> SampleSegmentDistancesAsync(
        SearchScope scope, string source, float[] query, int videos, int segmentsEach, CancellationToken cancellationToken)
        => IndexSamples.Distances(await SampleAsync(scope, source, videos, segmentsEach, cancellationToken), query);

    public IAsyncEnumerable<(FramePlace Place, HalfVector Vector)> FrameVectorsAtAsync(
        SearchScope scope, IReadOnlyCollection<FramePlace> places, CancellationToken cancellationToken)
        => StreamAsync(ClipQueries.FrameVectorsAt(scope, places),
            row => (new FramePlace(row.GetString(0), row.GetDouble(1)), row.GetFieldValue<HalfVector>(2)), cancellationToken);

    public IAsyncEnumerable<(long Id, HalfVector Vector)> SegmentVectorsOfAsync(
        SearchScope scope, IReadOnlyCollection<long> segments, CancellationToken cancellationToken)
        => StreamAsync(ClipQueries.SegmentVectorsOf(scope, segments), row => (row.GetInt64(0), row.GetFieldValue<HalfVector>(1)),
            cancellationToken);

    /// <summary>All frames of the scope with their vectors, in no order.</summary>
    public IAsyncEnumerable<FrameRow> FrameVectorsAsync(SearchScope scope, CancellationToken cancellationToken)
        => StreamAsync(ClipQueries.FrameVectors(scope),
            row => new FrameRow(row.GetString(0), row.GetDouble(1), row.GetDouble(2), row.GetInt32(3), row.GetFieldValue<HalfVector>(4)),
            cancellationToken);

    /// <summary>All segments of the scope with their vectors, in no order.</summary>
    public IAsyncEnumerable<SegmentRow> SegmentVectorsAsync(SearchScope scope, string source, CancellationToken cancellationToken)
        => StreamAsync(ClipQueries.SegmentVectors(scope, source),
            row => new SegmentRow(row.GetInt64(0), row.GetString(1), row.GetDouble(2), row.GetDouble(3), row.GetString(4),
                row.GetFieldValue<HalfVector>(5)), cancellationToken);

    /// <summary>The frames of <see cref="SampleDistancesAsync"/>.</summary>
    public async IAsyncEnumerable<(HalfVector Vector, string VideoId)> SampleVectorsAsync(
        SearchScope scope, int videos, int framesEach, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var row in await SampleAsync(scope, null, videos, framesEach, cancellationToken))
            yield return (row.Vector, row.VideoId);
    }

    public Task<List<SegmentHit>> SegmentsByWordsAsync(
        SearchScope scope, string source, float[] query, string text, CancellationToken cancellationToken)
    {
        var asked = PlainWords.Phrases(text).Where(word => word.Length <= LongestWord).Distinct().Take(MostWords).ToList();
        return ListAsync(ClipQueries.SegmentsByWords(scope, source, query, asked, _limits.CandidateSegments), ReadSegment,
            cancellationToken);
    }

    /// <param name="least">Similarity of letters, 0 to 1, below which nothing is told; the lower, the longer it takes.</param>
    public Task<List<SegmentHit>> SegmentsByLettersAsync(
        SearchScope scope, string source, float[] query, string text, double least, CancellationToken cancellationToken)
    {
        var words = string.Join(' ', PlainWords.Of(text));
        // Without a letter, every segment would be compared.
        return words.Length == 0
            ? Task.FromResult<List<SegmentHit>>([])
            : WithSettingsAsync(
                string.Create(CultureInfo.InvariantCulture, $"SET LOCAL pg_trgm.word_similarity_threshold = {least}"),
                () => ListAsync(ClipQueries.SegmentsByLetters(scope, source, query, words[..Math.Min(words.Length, MostLetters)],
                    _limits.CandidateSegments), ReadSegment, cancellationToken),
                cancellationToken);
    }

    /// <summary>Segments that have each piece within reach, and those around them, video by video in order.</summary>
    public IAsyncEnumerable<TextRow> TextAroundAsync(
        SearchScope scope, string source, IReadOnlyList<string> pieces, int reach, CancellationToken cancellationToken)
        => StreamAsync(PhraseQueries.TextAround(scope, source, pieces, reach), ReadText, cancellationToken);

    /// <inheritdoc cref="ScreenLineQueries.LinesWith"/>
    public Task<List<ScreenLine>> ScreenLinesWithAsync(
        SearchScope scope, string letters, ScreenLine after, int limit, CancellationToken cancellationToken)
        => ListAsync(ScreenLineQueries.LinesWith(scope, letters, after, limit),
            row => new ScreenLine(row.GetString(0), row.GetInt32(1), row.GetDouble(2), row.GetDouble(3), row.GetString(4)),
            cancellationToken);

    /// <inheritdoc cref="SizeQueries.CountUpTo"/>
    public Task<long> CountUpToAsync(SearchTable table, SearchScope scope, long most, CancellationToken cancellationToken)
        => CountUpToAsync(table, scope, most, null, cancellationToken);

    private async Task<long> CountUpToAsync(
        SearchTable table, SearchScope scope, long most, string? source, CancellationToken cancellationToken)
        => (await ListAsync(SizeQueries.CountUpTo(table, scope, most, source), row => row.GetInt64(0), cancellationToken))[0];

    public async Task<IReadOnlyDictionary<string, long>> CountRowsOfAsync(
        SearchTable table, SearchScope scope, IReadOnlyCollection<string> videos, CancellationToken cancellationToken)
        => (await ListAsync(SizeQueries.CountRowsOf(table, scope, videos), row => (VideoId: row.GetString(0), Rows: row.GetInt64(1)),
            cancellationToken))
            .ToDictionary(count => count.VideoId, count => count.Rows);

    /// <summary>Parts of pictures that look like these brands, video by video.</summary>
    public IAsyncEnumerable<RegionHit> RegionsLikeAsync(
        SearchScope scope, IReadOnlyCollection<string> names, double distance, CancellationToken cancellationToken)
        => StreamAsync(ClipQueries.RegionsLike(scope, names, distance),
            row => new RegionHit(row.GetString(0), row.GetDouble(1), row.GetDouble(2), row.GetString(3), row.GetDouble(4)),
            cancellationToken);

    /// <summary>Settings of the look into the HNSW index. It gives up at the tuples that are set and not before: the memory for what it has
    /// seen, 16 times work_mem, is for that many.</summary>
    internal static string IndexSettings(VideoSearchOptions limits) => string.Create(CultureInfo.InvariantCulture,
        $"SET LOCAL hnsw.iterative_scan = strict_order; SET LOCAL hnsw.ef_search = {limits.HnswBreadth}; SET LOCAL hnsw.max_scan_tuples = "
            + $"{limits.HnswScanTuples}; SET LOCAL hnsw.scan_mem_multiplier = 16");

    /// <inheritdoc cref="SoundQueries.MomentsOf"/>
    public IAsyncEnumerable<SoundHit> SoundMomentsAsync(
        SearchScope scope, IReadOnlyList<AskedSound> sounds, int limit, CancellationToken cancellationToken)
        => StreamAsync(SoundQueries.MomentsOf(scope, sounds, limit),
            row => new SoundHit(row.GetString(0), row.GetDouble(1), row.GetDouble(2), row.GetDouble(3)), cancellationToken);

    /// <summary>Settings hold until the transaction of the search ends, so that a pooled connection does not carry them on.</summary>
    private async Task<T> WithSettingsAsync<T>(string settings, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await using var transaction = db.Database.CurrentTransaction is null
            ? await db.Database.BeginTransactionAsync(cancellationToken)
            : null;
        await db.Database.ExecuteSqlRawAsync(settings, cancellationToken);
        return await work();
    }

    private async Task<IReadOnlyList<SampledVector>> SampleAsync(
        SearchScope scope, string? source, int videos, int rowsEach, CancellationToken cancellationToken)
    {
        var key = new SampleKey(scope.IndexId, source, videos, rowsEach);
        var state = await ListAsync(ClipQueries.VideosOf(key.IndexId),
            row => new IndexState(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetDateTime(1)), cancellationToken);
        return await _samples.GetAsync(key, state[0],
            () => ListAsync(ClipQueries.Sample(key, scope.Tables, finished: state[0].Videos > 0),
                row => new SampledVector(row.GetFieldValue<HalfVector>(0), row.GetString(1)), cancellationToken));
    }

    private Task ExecuteAsync(SqlStatement statement, CancellationToken cancellationToken)
        => ListAsync(statement, _ => true, cancellationToken);

    private async Task<List<T>> ListAsync<T>(SqlStatement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await foreach (var row in StreamAsync(statement, read, cancellationToken))
            rows.Add(row);
        return rows;
    }

    private async IAsyncEnumerable<T> StreamAsync<T>(
        SqlStatement statement, Func<DbDataReader, T> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand(statement.Text, (NpgsqlConnection)db.Database.GetDbConnection())
            {
                CommandTimeout = _limits.StatementSeconds,
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

    private static (string VideoId, CurveFrame[] Frames) ReadCurve(DbDataReader row)
    {
        var (starts, ends) = (row.GetFieldValue<double[]>(1), row.GetFieldValue<double[]>(2));
        var (shots, distances) = (row.GetFieldValue<int[]>(3), row.GetFieldValue<double[]>(4));
        var frames = new CurveFrame[starts.Length];
        for (var i = 0; i < frames.Length; i++)
            frames[i] = new CurveFrame(starts[i], ends[i], shots[i], 1 - distances[i]);
        return (row.GetString(0), frames);
    }

    private static TextRow ReadText(DbDataReader row)
        => new(row.GetString(0), row.GetInt32(1), row.GetDouble(2), row.GetDouble(3), row.GetString(4));

    private static FrameHit ReadFrame(DbDataReader row)
        => new(row.GetString(0), row.GetDouble(1), row.GetDouble(2), row.GetInt32(3), row.GetDouble(4));

    private static SegmentHit ReadSegment(DbDataReader row)
        => new(row.GetInt64(0), row.GetString(1), row.GetDouble(2), row.GetDouble(3), row.GetString(4), row.GetDouble(5), row.GetDouble(6));
}

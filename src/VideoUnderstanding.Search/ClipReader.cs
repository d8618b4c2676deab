using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Options;
using Pgvector;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Data.Words;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Logos;
using VideoUnderstanding.Search.Moments;
using VideoUnderstanding.Search.Sound;

namespace VideoUnderstanding.Search;

/// <summary>Runs the SQL statements of searches: exact scans for small indexes and selective filters, otherwise HNSW indexes.</summary>
/// <param name="samples">Cache of index samples that several readers share; null uses a cache of this reader only.</param>
internal sealed class ClipReader(SnapshotConnections connections, IOptions<VideoSearchOptions> options, IndexSamples? samples = null)
{
    /// <summary>Maximum number and length of query words for the word search. PostgreSQL rejects words of 2 KB; natural words are shorter
    /// than 100 characters.</summary>
    private const int MaxQueryWords = 32, MaxWordLength = 100;

    /// <summary>Maximum words and characters of a query for the trigram search. In a longer text some words are recognised correctly, and
    /// the word search finds it.</summary>
    private const int MaxTrigramQueryWords = 8, MaxTrigramQueryLength = 400;

    /// <summary>Maximum cursor fetches per search for videos; each reads CandidateVectors rows. After the usual number, a few videos are
    /// enough, because a subject that fills whole videos matches many frames of few videos.</summary>
    private const int MaxFetches = 10, UsualFetches = 3, FewVideos = 10;

    /// <summary>Cursor name; unique within the transaction of one search.</summary>
    private const string NearFrames = "near_frames";

    private readonly VideoSearchOptions _limits = options.Value;
    private readonly StatementReader _sql = new(connections, options.Value.StatementSeconds);
    private readonly IndexSamples _samples = samples ?? new IndexSamples();
    private readonly Dictionary<string, Task<IndexState>> _states = [];

    /// <summary>Returns true if the search compares all rows of the scope: in a small index, or in a large index if the filter keeps few
    /// rows.</summary>
    /// <param name="source">Source of text segments; null for other tables or all sources.</param>
    public async Task<bool> IsSmallAsync(SearchTable table, SearchScope scope, string? source, CancellationToken cancellationToken)
        => !scope.Tables.HasVectorIndexes || _limits.ComparesAll
            || (scope.Filter.Conditions.Count > 0
                && await CountUpToAsync(table, scope, _limits.ExactVectors + 1L, source, cancellationToken) <= _limits.ExactVectors);

    /// <summary>Returns the videos of the nearest frames, nearest first. Reads from the HNSW index until there are enough videos.</summary>
    /// <param name="scope">A scope of a large index.</param>
    /// <returns>At most CandidateVideos. Fewer if the scope has fewer videos, or if ten times CandidateVectors frames belong to fewer
    /// videos.</returns>
    public async Task<List<NearVideo>> NearestVideosAsync(SearchScope scope, float[] query, CancellationToken cancellationToken)
    {
        var found = await FramesByIndexAsync(scope, query, MaxFetches * _limits.CandidateVectors, HaveEnoughVideos, cancellationToken);
        var videos = found.GroupBy(hit => hit.VideoId).Take(_limits.CandidateVideos)
            .Select(hits => new NearVideo(hits.Key, hits.First().Duration, [.. hits.Select(hit => hit.Start)])).ToList();
        // The HNSW scan stops at hnsw.max_scan_tuples if most rows do not pass the filter; then an exact scan is used.
        return videos.Count < _limits.CandidateVideos && found.Count < _limits.CandidateVectors
            ? await _sql.ListAsync(ClipQueries.VideosByScan(scope, query, _limits.CandidateVideos),
                row => new NearVideo(row.GetString(0), 0, []), cancellationToken)
            : videos;
    }

    private bool HaveEnoughVideos(IReadOnlyList<FrameHit> hits)
        => hits.DistinctBy(hit => hit.VideoId).Count() >= (hits.Count >= UsualFetches * _limits.CandidateVectors
            ? Math.Min(FewVideos, _limits.CandidateVideos) : _limits.CandidateVideos);

    /// <summary>Reads from the HNSW index with a cursor, which needs a transaction.</summary>
    /// <returns>Frames, nearest first; fewer than the limit if the scan stops or <paramref name="isEnough"/> returns true.</returns>
    public async Task<IReadOnlyList<FrameHit>> FramesByIndexAsync(
        SearchScope scope, float[] query, int limit, Func<IReadOnlyList<FrameHit>, bool> isEnough, CancellationToken cancellationToken)
    {
        // A cursor continues where the last fetch stopped, so no distance is computed twice.
        var declaration = ClipQueries.FramesByIndex(scope, query, limit).AsCursor(NearFrames).After(IndexSettings(_limits));
        var found = await _sql.OnOneConnectionAsync(async connection =>
        {
            var hits = new List<FrameHit>();
            for (var wanted = Math.Min(limit, _limits.CandidateVectors); wanted > 0;
                wanted = Math.Min(limit - hits.Count, _limits.CandidateVectors))
            {
                var fetch = $"FETCH {wanted} FROM {NearFrames}";
                var batch = await connection.ListAsync(hits.Count == 0 ? declaration.Then(fetch) : new SqlStatement(fetch, []), ReadFrame,
                    cancellationToken);
                hits.AddRange(batch);
                if (batch.Count < wanted || isEnough(hits))
                    break;
            }
            await connection.ExecuteAsync(new SqlStatement($"CLOSE {NearFrames}", []), cancellationToken);
            return hits;
        }, cancellationToken);
        // The scan continues in relaxed order, so neighbouring rows can be in the wrong order.
        return [.. found.OrderBy(hit => hit.Distance)];
    }

    /// <returns>The nearest segments, nearest first: <paramref name="limit"/>, but at most CandidateVectors of a large index, or all if
    /// there are fewer.</returns>
    public async Task<IReadOnlyList<SegmentHit>> NearestSegmentsAsync(
        SearchScope scope, string source, float[] query, int limit, CancellationToken cancellationToken)
    {
        if (!await IsSmallAsync(SearchTable.Segments, scope, source, cancellationToken))
        {
            limit = Math.Min(limit, _limits.CandidateVectors);
            var found = await _sql.ListAsync(ClipQueries.SegmentsByIndex(scope, source, query, limit).After(IndexSettings(_limits)),
                ReadSegment, cancellationToken);
            if (found.Count == limit)
                return [.. found.OrderBy(hit => hit.Distance)];
        }
        return await _sql.ListAsync(ClipQueries.SegmentsByScan(scope, source, query, limit), ReadSegment, cancellationToken);
    }

    /// <summary>Returns all frames of each video of the scope, in order of time.</summary>
    public IAsyncEnumerable<(string VideoId, CurveFrame[] Frames)> CurvesAsync(
        SearchScope scope, float[] query, CancellationToken cancellationToken)
        => _sql.StreamAsync(CurveQueries.Curves(scope, query), row => (row.GetString(0), ReadFrames(row)), cancellationToken);

    /// <inheritdoc cref="CurveQueries.CurvesOf"/>
    /// <returns>The position of each range that has frames, from 0, and the frames.</returns>
    public IAsyncEnumerable<(int Stretch, CurveFrame[] Frames)> CurvesOfAsync(
        SearchScope scope, float[] query, IReadOnlyCollection<CurveStretch> stretches, CancellationToken cancellationToken)
        => _sql.StreamAsync(CurveQueries.CurvesOf(scope, query, stretches), row => ((int)row.GetInt64(0) - 1, ReadFrames(row)),
            cancellationToken);

    /// <inheritdoc cref="CurveQueries.FramesBefore"/>
    /// <returns>The starts in seconds, by position from 0.</returns>
    public async Task<IReadOnlyDictionary<int, double>> FramesBeforeAsync(
        SearchScope scope, IReadOnlyCollection<CurveStretch> stretches, CancellationToken cancellationToken)
        => (await _sql.ListAsync(CurveQueries.FramesBefore(scope, stretches),
            row => (Position: (int)row.GetInt64(0) - 1, Start: row.GetDouble(1)), cancellationToken))
            .ToDictionary(frame => frame.Position, frame => frame.Start);

    /// <summary>Returns the cosine distances of a query from the sampled frames of an index. Reads the sample from the database only if it
    /// is not cached.</summary>
    public async Task<List<SampledDistance>> SampleDistancesAsync(
        SearchScope scope, float[] query, int videos, int framesEach, CancellationToken cancellationToken)
        => IndexSamples.Distances(await SampleAsync(scope, null, videos, framesEach, cancellationToken), query);

    /// <inheritdoc cref="SampleDistancesAsync"/>
    public async Task<List<SampledDistance>> SampleSegmentDistancesAsync(
        SearchScope scope, string source, float[] query, int videos, int segmentsEach, CancellationToken cancellationToken)
        => IndexSamples.Distances(await SampleAsync(scope, source, videos, segmentsEach, cancellationToken), query);

    public IAsyncEnumerable<(FramePlace Place, HalfVector Vector)> FrameVectorsAtAsync(
        SearchScope scope, IReadOnlyCollection<FramePlace> places, CancellationToken cancellationToken)
        => _sql.StreamAsync(ClipQueries.FrameVectorsAt(scope, places),
            row => (new FramePlace(row.GetString(0), row.GetDouble(1)), row.GetFieldValue<HalfVector>(2)), cancellationToken);

    /// <inheritdoc cref="ClipQueries.SegmentVectorsOf"/>
    public IAsyncEnumerable<(long Id, HalfVector Vector)> SegmentVectorsOfAsync(
        SearchScope scope, IReadOnlyDictionary<long, double> segments, float[] mean, CancellationToken cancellationToken)
        => _sql.StreamAsync(ClipQueries.SegmentVectorsOf(scope, segments, mean),
            row => (row.GetInt64(0), row.GetFieldValue<HalfVector>(1)), cancellationToken);

    /// <summary>Returns all frames of the scope with their vectors, in no order.</summary>
    public IAsyncEnumerable<FrameRow> FrameVectorsAsync(SearchScope scope, CancellationToken cancellationToken)
        => _sql.StreamAsync(ClipQueries.FrameVectors(scope),
            row => new FrameRow(row.GetString(0), row.GetDouble(1), row.GetDouble(2), row.GetInt32(3), row.GetFieldValue<HalfVector>(4)),
            cancellationToken);

    /// <summary>Returns all segments of the scope with their vectors, in no order.</summary>
    public IAsyncEnumerable<SegmentRow> SegmentVectorsAsync(SearchScope scope, string source, CancellationToken cancellationToken)
        => _sql.StreamAsync(ClipQueries.SegmentVectors(scope, source),
            row => new SegmentRow(row.GetInt64(0), row.GetString(1), row.GetDouble(2), row.GetDouble(3), row.GetString(4),
                row.GetFieldValue<HalfVector>(5)), cancellationToken);

    /// <summary>Returns the sampled frames that <see cref="SampleDistancesAsync"/> uses.</summary>
    public Task<IReadOnlyList<SampledVector>> SampleVectorsAsync(
        SearchScope scope, int videos, int framesEach, CancellationToken cancellationToken)
        => SampleAsync(scope, null, videos, framesEach, cancellationToken);

    public Task<List<SegmentHit>> SegmentsByWordsAsync(
        SearchScope scope, string source, float[] query, string text, CancellationToken cancellationToken)
    {
        var searchWords = PlainWords.Phrases(text).Where(word => word.Length <= MaxWordLength).Distinct().Take(MaxQueryWords).ToList();
        return _sql.ListAsync(ClipQueries.SegmentsByWords(scope, source, query, searchWords, _limits.CandidateSegments), ReadSegment,
            cancellationToken);
    }

    /// <param name="minSimilarity">Minimum trigram similarity, 0 to 1; lower values take longer.</param>
    public Task<List<SegmentHit>> SegmentsByLettersAsync(
        SearchScope scope, string source, float[] query, string text, double minSimilarity, CancellationToken cancellationToken)
    {
        // A text of a script without spaces is one phrase, not a word for each character.
        var phrases = PlainWords.Phrases(text);
        var words = string.Join(' ', phrases);
        // An empty text would match every segment.
        return words.Length == 0 || phrases.Count > MaxTrigramQueryWords
            ? Task.FromResult<List<SegmentHit>>([])
            : _sql.ListAsync(
                ClipQueries.SegmentsByLetters(scope, source, query, words[..Math.Min(words.Length, MaxTrigramQueryLength)],
                    _limits.CandidateSegments)
                    .After(string.Create(CultureInfo.InvariantCulture, $"SET LOCAL pg_trgm.word_similarity_threshold = {minSimilarity}")),
                ReadSegment, cancellationToken);
    }

    /// <summary>Returns the segments that have every piece within reach, and the segments around them, by video and in order.</summary>
    public IAsyncEnumerable<TextRow> TextAroundAsync(
        SearchScope scope, string source, IReadOnlyList<string> pieces, int reach, CancellationToken cancellationToken)
        => _sql.StreamAsync(PhraseQueries.TextAround(scope, source, pieces, reach), ReadText, cancellationToken);

    /// <inheritdoc cref="ScreenLineQueries.LinesWith"/>
    public Task<List<ScreenLine>> ScreenLinesWithAsync(
        SearchScope scope, string letters, ScreenLine after, int limit, CancellationToken cancellationToken)
        => _sql.ListAsync(ScreenLineQueries.LinesWith(scope, letters, after, limit),
            row => new ScreenLine(row.GetString(0), row.GetInt32(1), row.GetDouble(2), row.GetDouble(3), row.GetString(4)),
            cancellationToken);

    /// <inheritdoc cref="SizeQueries.CountUpTo"/>
    public async Task<long> CountUpToAsync(
        SearchTable table, SearchScope scope, long maximum, string? source, CancellationToken cancellationToken)
        => (await _sql.ListAsync(SizeQueries.CountUpTo(table, scope, maximum, source), row => row.GetInt64(0), cancellationToken))[0];

    public async Task<IReadOnlyDictionary<string, long>> CountRowsOfAsync(
        SearchTable table, SearchScope scope, IReadOnlyCollection<string> videos, CancellationToken cancellationToken)
        => (await _sql.ListAsync(SizeQueries.CountRowsOf(table, scope, videos), row => (VideoId: row.GetString(0), Rows: row.GetInt64(1)),
            cancellationToken))
            .ToDictionary(count => count.VideoId, count => count.Rows);

    /// <summary>Returns frame regions that resemble logos of these brands, grouped by video.</summary>
    public IAsyncEnumerable<RegionHit> RegionsLikeAsync(
        SearchScope scope, IReadOnlyCollection<string> names, string model, double distance, CancellationToken cancellationToken)
        => _sql.StreamAsync(ClipQueries.RegionsLike(scope, names, model, distance),
            row => new RegionHit(row.GetString(0), row.GetDouble(1), row.GetDouble(2), row.GetString(3), row.GetDouble(4)),
            cancellationToken);

    /// <summary>Settings of the HNSW scan. hnsw.scan_mem_multiplier (times work_mem) is large enough that hnsw.max_scan_tuples and not
    /// memory ends the scan.</summary>
    internal static string IndexSettings(VideoSearchOptions limits) => string.Create(CultureInfo.InvariantCulture,
        $"SET LOCAL hnsw.iterative_scan = relaxed_order; SET LOCAL hnsw.ef_search = {limits.HnswBreadth}; SET LOCAL hnsw.max_scan_tuples = "
            + $"{limits.HnswScanTuples}; SET LOCAL hnsw.scan_mem_multiplier = 16");

    /// <inheritdoc cref="SoundQueries.MomentsOf"/>
    public IAsyncEnumerable<SoundHit> SoundMomentsAsync(
        SearchScope scope, IReadOnlyList<WeightedSoundClass> sounds, int limit, CancellationToken cancellationToken)
        => _sql.StreamAsync(SoundQueries.MomentsOf(scope, sounds, limit),
            row => new SoundHit(row.GetString(0), row.GetDouble(1), row.GetDouble(2), row.GetDouble(3)), cancellationToken);

    private async Task<IReadOnlyList<SampledVector>> SampleAsync(
        SearchScope scope, string? source, int videos, int rowsEach, CancellationToken cancellationToken)
    {
        var key = new SampleKey(scope.IndexId, source, videos, rowsEach, scope.Tables.Generation);
        var state = await StateOfAsync(scope.IndexId, cancellationToken);
        return await _samples.GetAsync(key, state,
            async () => [.. (await _sql.ListAsync(ClipQueries.Sample(key, scope.Tables, finished: state.Videos > 0),
                row => SampledVector.Of(row.GetFieldValue<HalfVector>(0), row.GetString(1)), cancellationToken))
                .OfType<SampledVector>()]);
    }

    /// <summary>Reads the state of an index. The options of a search share the statement.</summary>
    private Task<IndexState> StateOfAsync(string indexId, CancellationToken cancellationToken)
    {
        lock (_states)
            return _states.TryGetValue(indexId, out var known) ? known : _states[indexId] = ReadAsync();

        async Task<IndexState> ReadAsync()
            => (await _sql.ListAsync(ClipQueries.VideosOf(indexId),
                row => new IndexState(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetDateTime(1)), cancellationToken))[0];
    }

    private static CurveFrame[] ReadFrames(DbDataReader row)
    {
        var (starts, ends) = (row.GetFieldValue<double[]>(1), row.GetFieldValue<double[]>(2));
        var (shots, distances) = (row.GetFieldValue<int[]>(3), row.GetFieldValue<double[]>(4));
        var frames = new CurveFrame[starts.Length];
        for (var i = 0; i < frames.Length; i++)
            frames[i] = new CurveFrame(starts[i], ends[i], shots[i], 1 - distances[i]);
        return frames;
    }

    private static TextRow ReadText(DbDataReader row)
        => new(row.GetString(0), row.GetInt32(1), row.GetDouble(2), row.GetDouble(3), row.GetString(4));

    private static FrameHit ReadFrame(DbDataReader row)
        => new(row.GetString(0), row.GetDouble(1), row.GetDouble(2), row.GetInt32(3), row.GetDouble(4),
            row.IsDBNull(5) ? 0 : row.GetDouble(5));

    private static SegmentHit ReadSegment(DbDataReader row)
        => new(row.GetInt64(0), row.GetString(1), row.GetDouble(2), row.GetDouble(3), row.GetString(4), row.GetDouble(5), row.GetDouble(6));
}

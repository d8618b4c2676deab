using System.Numerics.Tensors;
using Pgvector;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Data.Words;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Sources;
using static VideoUnderstanding.Data.VectorColumns;

namespace VideoUnderstanding.Search;

/// <summary>SQL statements that compare vectors or words. Each is limited to searchable videos of one index; those with a scope also apply
/// its filter.</summary>
/// <remarks>Large indexes have HNSW indexes, which PostgreSQL uses only if a statement orders by the plain distance. Exact statements
/// compute the distance in a MATERIALIZED subquery, so that no plan can use them.</remarks>
internal static class ClipQueries
{
    /// <summary>Segments with all words of a query that are read for each segment returned.</summary>
    private const int ReadPerResult = 2;

    /// <summary>Condition for a video that is completely or partly indexed.</summary>
    internal const string Searchable = "coalesce(v.indexed_at, v.partly_indexed_at) IS NOT NULL";

    /// <summary>Adds FROM and WHERE: one index, searchable videos, and the filter of the scope.</summary>
    internal static SqlBuilder InScope(this SqlBuilder sql, SearchTable table, SearchScope scope, string? join = null)
    {
        sql.Add($"\nFROM {scope.Tables[table]} x\nJOIN videos v ON v.id = x.video_id{(join is null ? "" : "\n" + join)}\nWHERE "
            + $"x.index_id = {sql.Parameter(scope.IndexId)} AND {Searchable}");
        FilterSql.Append(sql, scope.Filter);
        return sql;
    }

    internal static SqlBuilder OfSource(this SqlBuilder sql, string source) => sql.Add($"\n  AND x.source = {sql.Parameter(source)}");

    /// <summary>Rows of <see cref="FrameHit"/>, nearest first, from the HNSW index.</summary>
    public static SqlStatement FramesByIndex(SearchScope scope, float[] query, int limit)
    {
        var sql = new SqlBuilder();
        var vector = sql.Parameter(HalfOf(query));
        return sql.Add($"SELECT x.video_id, x.start, x.\"end\", x.shot, x.embedding <=> {vector} AS distance, v.duration")
            .InScope(SearchTable.Frames, scope)
            .Add($"\nORDER BY x.embedding <=> {vector}\nLIMIT {sql.Parameter(limit)}").Build();
    }

    /// <summary>Ids of videos ordered by their nearest frame, from an exact scan of all frames.</summary>
    public static SqlStatement VideosByScan(SearchScope scope, float[] query, int limit)
    {
        var sql = new SqlBuilder().Add("SELECT x.video_id").InScope(SearchTable.Frames, scope);
        return sql.Add(
            $"\nGROUP BY x.video_id\nORDER BY min(x.embedding <=> {sql.Parameter(HalfOf(query))}), x.video_id\n"
                + $"LIMIT {sql.Parameter(limit)}")
            .Build();
    }

    /// <summary>Vectors of the given frames, with video and start.</summary>
    public static SqlStatement FrameVectorsAt(SearchScope scope, IReadOnlyCollection<FramePlace> places)
    {
        var sql = new SqlBuilder();
        return sql.Add($"""
            SELECT x.video_id, x.start, x.embedding
            FROM unnest({sql.Parameter(places.Select(place => place.VideoId).ToArray())},
                {sql.Parameter(places.Select(place => place.Start).ToArray())}) wanted(video_id, start)
            JOIN {scope.Tables[SearchTable.Frames]} x ON x.video_id = wanted.video_id AND x.start = wanted.start
            JOIN videos v ON v.id = x.video_id
            WHERE x.index_id = {sql.Parameter(scope.IndexId)} AND {Searchable}
            """).Build();
    }

    /// <summary>Vectors of segments, with their ids.</summary>
    /// <param name="segments">Id of each segment, and the greatest dot product of its unit vector with <paramref name="mean"/> at which it
    /// is returned.</param>
    /// <param name="mean">A vector of any length above zero.</param>
    public static SqlStatement SegmentVectorsOf(SearchScope scope, IReadOnlyDictionary<long, double> segments, float[] mean)
    {
        var sql = new SqlBuilder();
        var length = (double)TensorPrimitives.Norm<float>(mean);
        return sql.Add($"""
            SELECT x.id, x.embedding
            FROM unnest({sql.Parameter(segments.Keys.ToArray())}, {sql.Parameter(segments.Values.ToArray())}) wanted(id, most)
            JOIN {scope.Tables[SearchTable.Segments]} x ON x.id = wanted.id
            JOIN videos v ON v.id = x.video_id
            WHERE x.index_id = {sql.Parameter(scope.IndexId)} AND {Searchable}
                AND {sql.Parameter(length)} * (1 - (x.embedding <=> {sql.Parameter(HalfOf(mean))})) <= wanted.most
            """).Build();
    }

    /// <summary>Rows of <see cref="FrameRow"/> for all frames, in no order: sorting rows with vectors takes longer than reading
    /// them.</summary>
    public static SqlStatement FrameVectors(SearchScope scope)
        => new SqlBuilder().Add("SELECT x.video_id, x.start, x.\"end\", x.shot, x.embedding").InScope(SearchTable.Frames, scope).Build();

    /// <summary>Rows of <see cref="SegmentRow"/> for all segments, in no order.</summary>
    public static SqlStatement SegmentVectors(SearchScope scope, string source)
        => new SqlBuilder().Add($"SELECT {SegmentColumns}, x.embedding").InScope(SearchTable.Segments, scope).OfSource(source).Build();

    /// <summary>Number of finished videos of an index, and the time at which the last one finished; together they identify the index's
    /// state. An index without finished videos returns 0 and the time of the last partial indexing.</summary>
    public static SqlStatement VideosOf(string indexId)
    {
        var sql = new SqlBuilder();
        return sql.Add("SELECT count(indexed_at), coalesce(max(indexed_at), max(partly_indexed_at)) FROM videos "
            + $"WHERE index_id = {sql.Parameter(indexId)} AND coalesce(indexed_at, partly_indexed_at) IS NOT NULL").Build();
    }

    /// <summary>Sampled vectors of an index, each with its video. A hash selects them, so that every query sees the same sample.</summary>
    /// <param name="tables">Tables of the index.</param>
    /// <param name="finished">True samples finished videos; false samples partly indexed ones.</param>
    public static SqlStatement Sample(SampleKey key, SearchTableNames tables, bool finished)
    {
        var (sql, indexed) = (new SqlBuilder(), finished ? "indexed_at" : "partly_indexed_at");
        var (table, index) = (tables[key.Source is null ? SearchTable.Frames : SearchTable.Segments], sql.Parameter(key.IndexId));
        var source = key.Source is null ? "" : $" AND source = {sql.Parameter(key.Source)}";
        return sql.Add($"""
            SELECT x.embedding, v.id
            FROM (SELECT id FROM videos WHERE index_id = {index} AND {indexed} IS NOT NULL AND EXISTS (SELECT 1 FROM {table}
                WHERE video_id = videos.id{source}) ORDER BY md5(id) LIMIT {sql.Parameter(key.Videos)}) v
            CROSS JOIN LATERAL (SELECT embedding FROM {table} WHERE video_id = v.id{source} ORDER BY md5(id::text)
                LIMIT {sql.Parameter(key.RowsEach)}) x
            """).Build();
    }

    /// <summary>Rows of <see cref="SegmentHit"/>, nearest first, from the HNSW index.</summary>
    public static SqlStatement SegmentsByIndex(SearchScope scope, string source, float[] query, int limit)
    {
        var sql = new SqlBuilder();
        var vector = sql.Parameter(HalfOf(query));
        // The partial index contains the source as a literal, so a parameter would prevent its use.
        return sql.Add($"SELECT {SegmentColumns}, x.embedding <=> {vector} AS distance, 0::float8 AS words")
            .InScope(SearchTable.Segments, scope).Add($"\n  AND x.source = '{SourceNames.Known(source)}'")
            .Add($"\nORDER BY x.embedding <=> {vector}\nLIMIT {sql.Parameter(limit)}").Build();
    }

    /// <summary>Rows of <see cref="SegmentHit"/>, nearest first, from an exact scan of all segments.</summary>
    public static SqlStatement SegmentsByScan(SearchScope scope, string source, float[] query, int limit)
    {
        var sql = new SqlBuilder();
        sql.Add($"WITH measured AS MATERIALIZED (\nSELECT x.id, x.embedding <=> {sql.Parameter(HalfOf(query))} AS distance")
            .InScope(SearchTable.Segments, scope).OfSource(source);
        return sql.Add(
            $"\n)\nSELECT {SegmentColumns}, near.distance, 0::float8 AS words\nFROM (SELECT id, distance FROM measured ORDER BY distance, "
                + $"id LIMIT {sql.Parameter(limit)}) near"
                + $"\nJOIN {scope.Tables[SearchTable.Segments]} x ON x.id = near.id\nORDER BY near.distance, x.id").Build();
    }

    /// <summary>Rows of <see cref="SegmentHit"/> whose text contains words of the query in any inflected form; <c>words</c> is the share of
    /// the query's words that the text contains. Segments with more of the words come first, then nearer ones.</summary>
    /// <param name="words">Words from <see cref="PlainWords.Phrases"/>.</param>
    /// <param name="limit">Maximum rows. Segments with all words are always found, up to <see cref="ReadPerResult"/> times the limit; of
    /// those with one of several words, the limit divided by the number of words.</param>
    public static SqlStatement SegmentsByWords(SearchScope scope, string source, float[] query, IReadOnlyList<string> words, int limit)
    {
        var sql = new SqlBuilder();
        var (index, segments) = (sql.Parameter(scope.IndexId), scope.Tables[SearchTable.Segments]);
        // The language of the query is unknown, so its words are stemmed with the rules of each language in the index. The recursive query
        // finds the distinct languages with one index lookup each. Stop words have no stem and are skipped. Languages with the same stem
        // share a lookup.
        sql.Add($"""
            WITH RECURSIVE spoken AS (
            SELECT min(language) AS language FROM {segments} WHERE index_id = {index}
            UNION ALL
            SELECT (SELECT min(language) FROM {segments} WHERE index_id = {index} AND language > spoken.language)
                FROM spoken WHERE spoken.language IS NOT NULL),
            forms AS MATERIALIZED (
            SELECT language, phraseto_tsquery(text_stemmer(language), word) AS form
            FROM spoken CROSS JOIN (SELECT DISTINCT word FROM unnest({sql.Parameter(words.ToArray())}) AS word) words
                WHERE language IS NOT NULL),
            all_of AS MATERIALIZED (
            SELECT language, string_agg('(' || form::text || ')', ' & ')::tsquery AS form, count(*) AS total FROM forms
                WHERE numnode(form) > 0 GROUP BY language),
            asked AS MATERIALIZED (
            SELECT array_agg(language) AS languages, form, total, {sql.Parameter(ReadPerResult * (long)limit)} AS most FROM all_of
                GROUP BY form, total
            UNION ALL
            SELECT array_agg(language), forms.form, 1, {sql.Parameter((long)limit)} / max(all_of.total) FROM forms
                JOIN all_of USING (language) WHERE numnode(forms.form) > 0 AND all_of.total > 1 GROUP BY forms.form),
            found AS MATERIALIZED (
            SELECT hit.id, greatest(max(asked.total), count(*) FILTER (WHERE asked.total = 1)) AS words
            FROM asked CROSS JOIN LATERAL (SELECT x.id
            """).InScope(SearchTable.Segments, scope).OfSource(source);
        return sql.Add($"""

              AND {Stems} @@ asked.form AND asked.languages @> ARRAY[x.language] LIMIT asked.most) hit
            GROUP BY hit.id),
            best AS MATERIALIZED (SELECT id, words FROM found ORDER BY words DESC, id LIMIT {sql.Parameter(ReadPerResult * (long)limit)})
            SELECT {SegmentColumns}, x.embedding <=> {sql.Parameter(HalfOf(query))} AS distance, best.words::float8 / all_of.total AS words
            FROM best JOIN {segments} x ON x.id = best.id JOIN all_of ON all_of.language = x.language
            ORDER BY words DESC, distance, x.id
            LIMIT {sql.Parameter(limit)}
            """).Build();
    }

    /// <summary>Rows of <see cref="SegmentHit"/> with words similar to the query's; <c>words</c> is their trigram similarity, 0 to
    /// 1.</summary>
    /// <param name="words">Words from <see cref="PlainWords"/>, joined by spaces. The caller limits the length, because the time per row
    /// grows with the product of both lengths and one row's comparison cannot be cancelled.</param>
    /// <remarks>The caller must set pg_trgm.word_similarity_threshold.</remarks>
    public static SqlStatement SegmentsByLetters(SearchScope scope, string source, float[] query, string words, int limit)
    {
        var sql = new SqlBuilder();
        var asked = sql.Parameter(words);
        // The distance is computed only for the rows within the limit.
        sql.Add($"SELECT {SegmentColumns}, x.embedding <=> {sql.Parameter(HalfOf(query))} AS distance, best.words\nFROM (SELECT x.id, "
            + $"word_similarity({asked}, x.words)::float8 AS words")
            .InScope(SearchTable.Segments, scope).OfSource(source);
        return sql.Add($"\n  AND x.words %> {asked}\nORDER BY words DESC, x.id\nLIMIT {sql.Parameter(limit)}) best\nJOIN "
            + $"{scope.Tables[SearchTable.Segments]} x ON x.id = best.id\nORDER BY best.words DESC, x.id").Build();
    }

    /// <summary>Rows of <see cref="RegionHit"/>, grouped by video: frame regions that resemble a logo of one of these brands, and resemble
    /// it more than any other brand's logo of the account.</summary>
    /// <param name="names">Brands with logos in the gallery.</param>
    /// <param name="model">Visual model of the index; vectors of other models are never compared.</param>
    /// <param name="distance">Maximum cosine distance, 0 to 2.</param>
    public static SqlStatement RegionsLike(SearchScope scope, IReadOnlyCollection<string> names, string model, double distance)
    {
        var sql = new SqlBuilder();
        sql.Add($"""
            WITH gallery AS NOT MATERIALIZED (
            SELECT l.account_id, l.name, s.embedding FROM logos l JOIN logo_vectors s ON s.logo_id = l.id
            WHERE s.model = {sql.Parameter(model)}),
            near AS MATERIALIZED (

            """);
        sql.Add("SELECT x.video_id, x.start, x.\"end\", x.embedding, v.account_id, logo.name, x.embedding <=> "
            + "logo.embedding AS distance").InScope(SearchTable.Regions, scope, "JOIN gallery logo ON logo.account_id = v.account_id");
        return sql.Add($"""

              AND logo.name = ANY({sql.Parameter(names.ToArray())}) AND x.embedding <=> logo.embedding <= {sql.Parameter(distance)})
            SELECT video_id, start, "end", name, distance FROM near
            WHERE NOT EXISTS (SELECT 1 FROM gallery other WHERE other.account_id = near.account_id AND other.name <> near.name
                AND near.embedding <=> other.embedding < near.distance)
            ORDER BY video_id
            """).Build();
    }

    /// <summary>Must equal the expression of the index ix_text_segments_stems character by character; otherwise PostgreSQL does not use the
    /// index.</summary>
    private const string Stems = "to_tsvector(text_stemmer(x.language), x.words)";

    private const string SegmentColumns = "x.id, x.video_id, x.start, x.\"end\", x.text";
}

/// <summary>A frame, its cosine distance from the query (0 to 2), and the duration of its video in seconds (0 if unknown).</summary>
internal readonly record struct FrameHit(string VideoId, double Start, double End, int Shot, double Distance, double Duration);

/// <summary>Identifies a frame.</summary>
internal readonly record struct FramePlace(string VideoId, double Start);

/// <summary>A text segment, its cosine distance from the query (0 to 2), and the share or similarity of the query's words (0 to
/// 1).</summary>
internal sealed record SegmentHit(long Id, string VideoId, double Start, double End, string Text, double Distance, double Words);

/// <summary>A frame and its vector.</summary>
internal sealed record FrameRow(string VideoId, double Start, double End, int Shot, HalfVector Embedding);

/// <summary>A segment of text and its vector.</summary>
internal sealed record SegmentRow(long Id, string VideoId, double Start, double End, string Text, HalfVector Embedding);

/// <param name="Number">Position of the segment within the video.</param>
internal sealed record TextRow(string VideoId, int Number, double Start, double End, string Text);

/// <summary>A frame region, the brand with the most similar logo, and the cosine distance from that logo.</summary>
internal sealed record RegionHit(string VideoId, double Start, double End, string Brand, double Distance);

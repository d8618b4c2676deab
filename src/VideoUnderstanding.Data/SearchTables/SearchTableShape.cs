namespace VideoUnderstanding.Data.SearchTables;

/// <summary>SQL statements on search tables, with numbered parameters: creation of dedicated tables with their indexes, and deletion of
/// rows.</summary>
internal static class SearchTableShape
{
    private static readonly string[] Sources = ["speech", "screen"];

    /// <summary>Creates an empty table with the columns, checks and comments of the shared one. Ids come from the sequence of the shared
    /// table, so that they are unique across both. It has no foreign key, because dropping it would lock the referenced table.</summary>
    public static IEnumerable<string> Create(SearchTableNames dedicated, SearchTable table)
    {
        var shared = SearchTableNames.Shared[table];
        yield return $"CREATE TABLE {dedicated[table]} (LIKE {shared} INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMMENTS)";
        yield return $"ALTER TABLE {dedicated[table]} ALTER COLUMN id SET DEFAULT nextval('{shared}_id_seq'), ADD PRIMARY KEY (id)";
    }

    /// <summary>Copies the rows of an index, clustered by video and time. Parameter: the index's id.</summary>
    public static string Copy(SearchTableNames dedicated, SearchTable table)
        => $"INSERT INTO {dedicated[table]} SELECT * FROM {SearchTableNames.Shared[table]} WHERE index_id = {{0}} ORDER BY video_id, start";

    /// <summary>Copies the rows of one video from one generation to another. Parameter: the video's id.</summary>
    public static string CopyVideo(SearchTableNames from, SearchTableNames to, SearchTable table)
        => $"INSERT INTO {to[table]} ({Columns(table)}) SELECT {Columns(table)} FROM {from[table]} WHERE video_id = {{0}} ORDER BY start";

    /// <summary>All columns except the id, which comes from the sequence.</summary>
    private static string Columns(SearchTable table) => "index_id, video_id, start, \"end\", " + table switch
    {
        SearchTable.Frames => "shot, embedding",
        SearchTable.Segments => "source, number, text, words, language, embedding",
        SearchTable.Regions => "\"left\", top, width, height, embedding",
        SearchTable.Sounds => "classes, scores",
        _ => throw new ArgumentOutOfRangeException(nameof(table), table, null),
    };

    /// <summary>Drops the table of a generation.</summary>
    public static string Drop(SearchTableNames dedicated, SearchTable table) => $"DROP TABLE {dedicated[table]}";

    /// <summary>Deletes the rows of videos. Parameter: an array of ids.</summary>
    public static string DeleteVideos(SearchTableNames tables, SearchTable table)
        => $"DELETE FROM {tables[table]} WHERE video_id = ANY({{0}})";

    /// <summary>Deletes the rows of a time range. Parameters: the video's id, the first start, and the end (exclusive).</summary>
    public static string DeleteRange(SearchTableNames tables, SearchTable table)
        => $"DELETE FROM {tables[table]} WHERE video_id = {{0}} AND start >= {{1}} AND start < {{2}}";

    /// <summary>Deletes the rows of a time range and source, the last parameter.</summary>
    public static string DeleteSource(SearchTableNames tables, SearchTable table) => DeleteRange(tables, table) + " AND source = {3}";

    /// <summary>Deletes the rows of an index. Parameter: the index's id.</summary>
    public static string DeleteIndex(SearchTableNames tables, SearchTable table) => $"DELETE FROM {tables[table]} WHERE index_id = {{0}}";

    public static string Select(SearchTableNames tables, SearchTable table) => $"SELECT * FROM {tables[table]}";

    public static IEnumerable<string> Indexes(SearchTableNames dedicated, SearchTable table)
        => RowIndexes(dedicated, table).Concat(VectorIndexes(dedicated, table));

    /// <summary>All indexes except those of vectors.</summary>
    public static IEnumerable<string> RowIndexes(SearchTableNames dedicated, SearchTable table)
        => Rows(table).Select(columns => $"CREATE INDEX ON {dedicated[table]} {columns}");

    /// <summary>HNSW indexes: one for all frames, and one per text source, because a search uses a single source.</summary>
    public static IEnumerable<string> VectorIndexes(SearchTableNames dedicated, SearchTable table) => table switch
    {
        SearchTable.Frames =>
        [
            $"CREATE INDEX IF NOT EXISTS {VectorIndex(dedicated, table)} ON {dedicated[table]} USING hnsw (embedding halfvec_cosine_ops)",
        ],
        SearchTable.Segments => Sources.Select(source
            => $"CREATE INDEX IF NOT EXISTS {VectorIndex(dedicated, table, source)} ON {dedicated[table]} USING hnsw "
                + $"(embedding halfvec_cosine_ops) WHERE source = '{source}'"),
        _ => [],
    };

    /// <summary>Returns whether there are no vector indexes, but more frames or segments than the parameter.</summary>
    public static string NeedVectorIndexes(SearchTableNames dedicated) => $$"""
        SELECT to_regclass('{{dedicated[SearchTable.Frames]}}_embedding') IS NULL
          AND (EXISTS (SELECT 1 FROM {{dedicated[SearchTable.Frames]}} OFFSET {0})
            OR EXISTS (SELECT 1 FROM {{dedicated[SearchTable.Segments]}} OFFSET {0})) AS "Value"
        """;

    public static IEnumerable<string> DropVectorIndexes(SearchTableNames dedicated, SearchTable table) => table switch
    {
        SearchTable.Frames => [Drop(dedicated, VectorIndex(dedicated, table))],
        SearchTable.Segments => Sources.Select(source => Drop(dedicated, VectorIndex(dedicated, table, source))),
        _ => [],
    };

    private static string Drop(SearchTableNames dedicated, string index)
        => $"DROP INDEX IF EXISTS {dedicated[SearchTable.Frames].Split('.')[0]}.{index}";

    private static string VectorIndex(SearchTableNames dedicated, SearchTable table, string? source = null)
        => $"{dedicated[table].Split('.')[1]}{(source is null ? "" : "_" + source)}_embedding";

    /// <summary>The expressions must equal those of the shared tables' indexes and of the search statements.</summary>
    private static string[] Rows(SearchTable table) => table switch
    {
        SearchTable.Frames => ["(video_id, start)"],
        SearchTable.Segments =>
        [
            "(video_id, source, number)", "(language)", "USING gin (words gin_trgm_ops)",
            "USING gin (to_tsvector(text_stemmer(language), words))",
            "USING gin (replace(words, ' ', '') gin_trgm_ops) WHERE source = 'screen'",
        ],
        SearchTable.Regions => ["(video_id, start)"],
        SearchTable.Sounds => ["(video_id, start)", "USING gin (classes)"],
        _ => throw new ArgumentOutOfRangeException(nameof(table), table, null),
    };
}

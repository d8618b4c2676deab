namespace VideoUnderstanding.Data.SearchTables;

/// <summary>Statements on search tables, with numbered parameters: those that make the tables of one index, with the columns of the
/// shared tables and indexes for searches inside one index, and those that delete.</summary>
internal static class SearchTableShape
{
    private static readonly string[] Sources = ["speech", "screen"];

    /// <summary>An empty table with the columns, the checks and the noted model of the shared one. Numbers of rows come from the sequence
    /// of the shared table, so that they are unique over both. It has no foreign key: dropping it would lock the table that the key
    /// names.</summary>
    public static IEnumerable<string> Create(SearchTableNames own, SearchTable table)
    {
        var shared = SearchTableNames.Shared[table];
        yield return $"CREATE TABLE {own[table]} (LIKE {shared} INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMMENTS)";
        yield return $"ALTER TABLE {own[table]} ALTER COLUMN id SET DEFAULT nextval('{shared}_id_seq'), ADD PRIMARY KEY (id)";
    }

    /// <summary>Copies the rows of the index whose identifier is the parameter, clustered by video and time.</summary>
    public static string Copy(SearchTableNames own, SearchTable table)
        => $"INSERT INTO {own[table]} SELECT * FROM {SearchTableNames.Shared[table]} WHERE index_id = {{0}} ORDER BY video_id, start";

    /// <summary>Deletes the rows of the videos whose identifiers are the parameter, an array.</summary>
    public static string DeleteVideos(SearchTableNames tables, SearchTable table)
        => $"DELETE FROM {tables[table]} WHERE video_id = ANY({{0}})";

    /// <summary>Deletes the rows of the video whose identifier is the first parameter that start between the next two, the second of them
    /// excluded.</summary>
    public static string DeleteRange(SearchTableNames tables, SearchTable table)
        => $"DELETE FROM {tables[table]} WHERE video_id = {{0}} AND start >= {{1}} AND start < {{2}}";

    /// <summary>The same for the rows of one source, the last parameter.</summary>
    public static string DeleteSource(SearchTableNames tables, SearchTable table) => DeleteRange(tables, table) + " AND source = {3}";

    /// <summary>Deletes the rows of the index whose identifier is the parameter.</summary>
    public static string DeleteIndex(SearchTableNames tables, SearchTable table) => $"DELETE FROM {tables[table]} WHERE index_id = {{0}}";

    public static string Select(SearchTableNames tables, SearchTable table) => $"SELECT * FROM {tables[table]}";

    public static IEnumerable<string> Indexes(SearchTableNames own, SearchTable table)
        => Rows(table).Select(columns => $"CREATE INDEX ON {own[table]} {columns}").Concat(VectorIndexes(own, table));

    /// <summary>One for all frames, and one for each source of text, because a search asks for one source.</summary>
    public static IEnumerable<string> VectorIndexes(SearchTableNames own, SearchTable table) => table switch
    {
        SearchTable.Frames => [$"CREATE INDEX {VectorIndex(own, table)} ON {own[table]} USING hnsw (embedding halfvec_cosine_ops)"],
        SearchTable.Segments => Sources.Select(source
            => $"CREATE INDEX {VectorIndex(own, table, source)} ON {own[table]} USING hnsw (embedding halfvec_cosine_ops) "
                + $"WHERE source = '{source}'"),
        _ => [],
    };

    public static IEnumerable<string> DropVectorIndexes(SearchTableNames own, SearchTable table) => table switch
    {
        SearchTable.Frames => [Drop(own, VectorIndex(own, table))],
        SearchTable.Segments => Sources.Select(source => Drop(own, VectorIndex(own, table, source))),
        _ => [],
    };

    private static string Drop(SearchTableNames own, string index)
        => $"DROP INDEX IF EXISTS {own[SearchTable.Frames].Split('.')[0]}.{index}";

    private static string VectorIndex(SearchTableNames own, SearchTable table, string? source = null)
        => $"{own[table].Split('.')[1]}{(source is null ? "" : "_" + source)}_embedding";

    /// <summary>Expressions are those of the shared indexes letter by letter, because the statements of searches have them.</summary>
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

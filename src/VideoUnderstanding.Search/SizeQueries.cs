namespace VideoUnderstanding.Search;

/// <summary>Statements that say how much a search would have to look at.</summary>
internal static class SizeQueries
{
    public const string Frames = "frame_vectors";
    public const string Segments = "text_segments";
    public const string Regions = "logo_regions";

    /// <summary>One number: the rows of a scope, counted no further than <paramref name="most"/>. Nobody needs to know more than whether they are too many.</summary>
    /// <param name="table"><see cref="Frames"/>, <see cref="Segments"/> or <see cref="Regions"/>.</param>
    /// <param name="source">Of segments, if only those of one source count.</param>
    public static SqlStatement CountUpTo(string table, SearchScope scope, long most, string? source = null)
    {
        var sql = new SqlBuilder().Add("SELECT count(*) FROM (SELECT 1").InScope(table, scope);
        if (source is not null)
            sql.OfSource(source);
        return sql.Add($"\nLIMIT {sql.Parameter(most)}) counted").Build();
    }

    /// <summary>About how many rows a table has over all indexes: one number; negative when the database does not know.</summary>
    /// <param name="table"><see cref="Frames"/>, <see cref="Segments"/> or <see cref="Regions"/>.</param>
    public static SqlStatement RowsOfAllIndexes(string table) => new($"SELECT reltuples::float8 FROM pg_class WHERE oid = '{table}'::regclass", []);

    /// <summary>Rows of a video and its number of rows. Videos without any are not there.</summary>
    /// <param name="table"><see cref="Frames"/>, <see cref="Segments"/> or <see cref="Regions"/>.</param>
    public static SqlStatement CountRowsOf(string table, SearchScope scope, IReadOnlyCollection<string> videos)
    {
        var sql = new SqlBuilder().Add("SELECT x.video_id, count(*)").InScope(table, scope);
        return sql.Add($"\n  AND x.video_id = ANY({sql.Parameter(videos.ToArray())})\nGROUP BY x.video_id").Build();
    }
}

namespace VideoUnderstanding.Search;

/// <summary>Statements that say how much a search would have to look at.</summary>
internal static class SizeQueries
{
    public const string Frames = "frame_vectors";
    public const string Segments = "text_segments";

    /// <summary>One number: the rows of a scope, counted no further than <paramref name="most"/>.</summary>
    /// <param name="table"><see cref="Frames"/> or <see cref="Segments"/>.</param>
    public static SqlStatement CountUpTo(string table, SearchScope scope, int most)
    {
        var sql = new SqlBuilder().Add("SELECT count(*) FROM (SELECT 1").InScope(table, scope);
        return sql.Add($"\nLIMIT {sql.Parameter(most)}) counted").Build();
    }

    /// <summary>Rows of a video and its number of rows. Videos without any are not there.</summary>
    /// <param name="table"><see cref="Frames"/> or <see cref="Segments"/>.</param>
    public static SqlStatement CountRowsOf(string table, SearchScope scope, IReadOnlyCollection<string> videos)
    {
        var sql = new SqlBuilder().Add("SELECT x.video_id, count(*)").InScope(table, scope);
        return sql.Add($"\n  AND x.video_id = ANY({sql.Parameter(videos.ToArray())})\nGROUP BY x.video_id").Build();
    }
}

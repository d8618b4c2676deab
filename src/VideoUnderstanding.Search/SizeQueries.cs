using VideoUnderstanding.Data.SearchTables;

namespace VideoUnderstanding.Search;

/// <summary>SQL statements that count rows, for filters and combined queries in large indexes. A search without filter does not
/// count.</summary>
internal static class SizeQueries
{
    /// <summary>Counts the rows of a scope, at most up to <paramref name="maximum"/>, which is enough to detect that there are too
    /// many.</summary>
    /// <param name="source">Source of text segments; null counts all.</param>
    public static SqlStatement CountUpTo(SearchTable table, SearchScope scope, long maximum, string? source = null)
    {
        var sql = new SqlBuilder().Add("SELECT count(*) FROM (SELECT 1").InScope(table, scope);
        if (source is not null)
            sql.OfSource(source);
        return sql.Add($"\nLIMIT {sql.Parameter(maximum)}) counted").Build();
    }

    /// <summary>Rows of video id and row count. Videos without rows are missing.</summary>
    public static SqlStatement CountRowsOf(SearchTable table, SearchScope scope, IReadOnlyCollection<string> videos)
    {
        var sql = new SqlBuilder().Add("SELECT x.video_id, count(*)").InScope(table, scope);
        return sql.Add($"\n  AND x.video_id = ANY({sql.Parameter(videos.ToArray())})\nGROUP BY x.video_id").Build();
    }
}

using VideoUnderstanding.Data.SearchTables;

namespace VideoUnderstanding.Search;

/// <summary>Statements that count rows, for filters and joined queries in large indexes. A plain search counts nothing.</summary>
internal static class SizeQueries
{
    /// <summary>One number: the rows of a scope, counted no further than <paramref name="most"/>. Nobody needs to know more than whether
    /// they are too many.</summary>
    /// <param name="source">Of segments, if only those of one source count.</param>
    public static SqlStatement CountUpTo(SearchTable table, SearchScope scope, long most, string? source = null)
    {
        var sql = new SqlBuilder().Add("SELECT count(*) FROM (SELECT 1").InScope(table, scope);
        if (source is not null)
            sql.OfSource(source);
        return sql.Add($"\nLIMIT {sql.Parameter(most)}) counted").Build();
    }

    /// <summary>Rows of a video and its number of rows. Videos without any are not there.</summary>
    public static SqlStatement CountRowsOf(SearchTable table, SearchScope scope, IReadOnlyCollection<string> videos)
    {
        var sql = new SqlBuilder().Add("SELECT x.video_id, count(*)").InScope(table, scope);
        return sql.Add($"\n  AND x.video_id = ANY({sql.Parameter(videos.ToArray())})\nGROUP BY x.video_id").Build();
    }
}

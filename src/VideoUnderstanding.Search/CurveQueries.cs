using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Search.Moments;
using static VideoUnderstanding.Data.VectorColumns;

namespace VideoUnderstanding.Search;

/// <summary>SQL statements that read similarity curves: the distances of a query from the frames of videos, in order of time.</summary>
internal static class CurveQueries
{
    /// <summary>One row of arrays per video, with all its frames in order of time. Arrays transfer faster than one row per frame.</summary>
    public static SqlStatement Curves(SearchScope scope, float[] query)
    {
        var sql = new SqlBuilder();
        sql.Add("SELECT video_id, array_agg(start), array_agg(\"end\"), array_agg(shot), array_agg(distance)\nFROM (SELECT x.video_id, "
            + $"x.start, x.\"end\", x.shot, x.embedding <=> {sql.Parameter(HalfOf(query))} AS distance");
        return sql.InScope(SearchTable.Frames, scope).Add("\nORDER BY x.video_id, x.start) curve\nGROUP BY video_id").Build();
    }

    /// <summary>One row of arrays per range that has frames, with the position of the range in the list, from 1, and its frames in order
    /// of time.</summary>
    public static SqlStatement CurvesOf(SearchScope scope, float[] query, IReadOnlyCollection<CurveStretch> stretches)
    {
        var sql = new SqlBuilder();
        // Arrays of each range need no sorting of all frames: the index returns the frames of a range in order.
        return sql.Add($"""
            SELECT part.number, x.starts, x.ends, x.shots, x.distances
            FROM unnest({sql.Parameter(stretches.Select(part => part.VideoId).ToArray())},
                {sql.Parameter(stretches.Select(part => part.From).ToArray())},
                {sql.Parameter(stretches.Select(part => part.To).ToArray())},
                {sql.Parameter(stretches.Select(part => part.Most).ToArray())})
                WITH ORDINALITY part(video_id, since, until, most, number)
            JOIN videos v ON v.id = part.video_id
            CROSS JOIN LATERAL (SELECT array_agg(start) AS starts, array_agg("end") AS ends, array_agg(shot) AS shots,
                array_agg(embedding <=> {sql.Parameter(HalfOf(query))}) AS distances
                FROM (SELECT start, "end", shot, embedding FROM {scope.Tables[SearchTable.Frames]} WHERE video_id = part.video_id
                    AND start >= part.since AND start < part.until ORDER BY start LIMIT part.most) frame) x
            WHERE v.index_id = {sql.Parameter(scope.IndexId)} AND {ClipQueries.Searchable} AND x.starts IS NOT NULL
            """).Build();
    }

    /// <summary>The position of each range whose video has a frame at or before the start of the range, from 1, and the start of that
    /// frame. A frame of a still scene can begin long before the range.</summary>
    public static SqlStatement FramesBefore(SearchScope scope, IReadOnlyCollection<CurveStretch> stretches)
    {
        var sql = new SqlBuilder();
        return sql.Add($"""
            SELECT part.number, x.start
            FROM unnest({sql.Parameter(stretches.Select(part => part.VideoId).ToArray())},
                {sql.Parameter(stretches.Select(part => part.From).ToArray())}) WITH ORDINALITY part(video_id, since, number)
            JOIN videos v ON v.id = part.video_id
            CROSS JOIN LATERAL (SELECT start FROM {scope.Tables[SearchTable.Frames]} WHERE video_id = part.video_id
                AND start <= part.since ORDER BY start DESC LIMIT 1) x
            WHERE v.index_id = {sql.Parameter(scope.IndexId)} AND {ClipQueries.Searchable}
            """).Build();
    }
}

using VideoUnderstanding.Data.SearchTables;

namespace VideoUnderstanding.Search;

/// <summary>SQL statement that reads the segments around possible phrase matches. It reads each segment a bounded number of times,
/// regardless of the number and distance of the matches.</summary>
internal static class PhraseQueries
{
    /// <summary>Maximum reach for which separate lookups around each hit read less than one scan of all surrounding segments.</summary>
    private const int MaxLookupReach = 8;

    /// <summary>Rows of <see cref="TextRow"/>: the segments with the first piece and all others within reach, and the segments around them,
    /// ordered by video and number.</summary>
    /// <param name="pieces">Words from <see cref="Data.Words.PlainWords"/>; at least one, the rarest first.</param>
    /// <param name="reach">Number of segments before and after a hit that count as around it.</param>
    public static SqlStatement TextAround(SearchScope scope, string source, IReadOnlyList<string> pieces, int reach)
    {
        var sql = new SqlBuilder();
        sql.Add("WITH hits AS MATERIALIZED (\nSELECT x.video_id, x.number").InScope(SearchTable.Segments, scope).OfSource(source)
            .Has("x", pieces[0]).Add(")");
        var (from, width) = (sql.Parameter(source), sql.Parameter(reach));
        var segments = scope.Tables[SearchTable.Segments];
        sql.Stretches("stretches", "hits", width);
        if (pieces.Count > 1)
            (reach <= MaxLookupReach
                ? sql.WithOthersByLookup(segments, pieces, from, width)
                : sql.WithOthersByWindow(segments, pieces, from, width))
                .Stretches("kept_stretches", "kept", width);
        return sql.Add("\nSELECT x.video_id, x.number, x.start, x.\"end\", x.text")
            .SegmentsIn(segments, pieces.Count > 1 ? "kept_stretches" : "stretches", from)
            .Add("\nORDER BY x.video_id, x.number, x.id").Build();
    }

    /// <summary>Adds disjoint ranges of segment numbers around the hits; ranges of nearby hits are merged.</summary>
    private static SqlBuilder Stretches(this SqlBuilder sql, string name, string hits, string width) => sql.Add($"""
        ,
        {name} AS MATERIALIZED (
        SELECT video_id, min(number) - {width} AS first, max(number) + {width} AS last
        FROM (SELECT video_id, number, count(*) FILTER (WHERE is_far) OVER (PARTITION BY video_id ORDER BY number) AS stretch
        FROM (SELECT video_id, number, number - lag(number) OVER (PARTITION BY video_id ORDER BY number) > 2 * {width} + 1 AS is_far
            FROM {hits}) apart) numbered
        GROUP BY video_id, stretch)
        """);

    /// <summary>Adds the hits with all other pieces within reach. Each hit is looked up separately (enforced by OFFSET 0), which reads few
    /// segments for short phrases.</summary>
    private static SqlBuilder WithOthersByLookup(
        this SqlBuilder sql, string segments, IReadOnlyList<string> pieces, string source, string width)
    {
        sql.Add(",\nkept AS MATERIALIZED (\nSELECT h.video_id, h.number FROM hits h WHERE true");
        foreach (var piece in pieces.Skip(1))
            sql.Add($"\n  AND EXISTS (SELECT 1 FROM {segments} p WHERE p.video_id = h.video_id AND p.source = {source} AND "
                + $"p.number BETWEEN h.number - {width} AND h.number + {width}").Has("p", piece).Add(" OFFSET 0)");
        return sql.Add(")");
    }

    /// <summary>Adds the same hits for any reach: compares each segment around the hits once with each piece, and counts in sliding
    /// windows.</summary>
    private static SqlBuilder WithOthersByWindow(
        this SqlBuilder sql, string segments, IReadOnlyList<string> pieces, string source, string width)
    {
        sql.Add(",\nnear AS MATERIALIZED (\nSELECT x.video_id, x.number");
        for (var i = 0; i < pieces.Count; i++)
            sql.Add($", {sql.HasPiece("x", pieces[i])} AS has_{i}");
        sql.SegmentsIn(segments, "stretches", source)
            .Add("),\nkept AS MATERIALIZED (\nSELECT video_id, number FROM (SELECT video_id, number, has_0");
        for (var i = 1; i < pieces.Count; i++)
            sql.Add($", count(*) FILTER (WHERE has_{i}) OVER around AS near_{i}");
        sql.Add($"\nFROM near WINDOW around AS (PARTITION BY video_id ORDER BY number RANGE BETWEEN {width} PRECEDING AND "
            + $"{width} FOLLOWING)) counted\nWHERE has_0");
        for (var i = 1; i < pieces.Count; i++)
            sql.Add($" AND near_{i} > 0");
        return sql.Add(")");
    }

    /// <summary>Reads segments with one index lookup per range. OFFSET 0 prevents the planner from comparing each range with all segments
    /// of the video.</summary>
    private static SqlBuilder SegmentsIn(this SqlBuilder sql, string segments, string stretches, string source) => sql.Add(
        $"\nFROM {stretches} around CROSS JOIN LATERAL (SELECT s.id, s.video_id, s.number, s.start, s.\"end\", s.text, s.words FROM "
            + $"{segments} s WHERE s.video_id = around.video_id AND s.source = {source} AND s.number BETWEEN around.first AND "
            + $"around.last OFFSET 0) x");

    private static SqlBuilder Has(this SqlBuilder sql, string alias, string piece) => sql.Add($"\n  AND {sql.HasPiece(alias, piece)}");

    /// <summary>Condition for a segment with the piece as a whole word.</summary>
    private static string HasPiece(this SqlBuilder sql, string alias, string piece)
        => $"{alias}.words LIKE {sql.Parameter($"% {piece} %")}";
}

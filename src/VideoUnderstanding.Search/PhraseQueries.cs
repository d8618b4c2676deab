using VideoUnderstanding.Data.SearchTables;

namespace VideoUnderstanding.Search;

/// <summary>The statement that reads where a phrase may stand. However many hits there are, and however near to each other, it reads each
/// segment a bounded number of times.</summary>
internal static class PhraseQueries
{
    /// <summary>Up to here looking around each hit by itself reads less than going through everything around them, even where all segments
    /// are hits.</summary>
    private const int NarrowReach = 8;

    /// <summary>Rows of <see cref="TextRow"/>: the segments that have the first piece, with the others not far, and those around them,
    /// video by video in order.</summary>
    /// <param name="pieces">Words as <see cref="Data.Words.PlainWords"/> gives them; one at least. The first should be the rarest.</param>
    /// <param name="reach">How many segments before and after count as around.</param>
    public static SqlStatement TextAround(SearchScope scope, string source, IReadOnlyList<string> pieces, int reach)
    {
        var sql = new SqlBuilder();
        sql.Add("WITH hits AS MATERIALIZED (\nSELECT x.video_id, x.number").InScope(SearchTable.Segments, scope).OfSource(source)
            .Has("x", pieces[0]).Add(")");
        var (from, width) = (sql.Parameter(source), sql.Parameter(reach));
        var segments = scope.Tables[SearchTable.Segments];
        sql.Stretches("stretches", "hits", width);
        if (pieces.Count > 1)
            (reach <= NarrowReach ? sql.WithOthersBeside(segments, pieces, from, width) : sql.WithOthersNear(segments, pieces, from, width))
                .Stretches("kept_stretches", "kept", width);
        return sql.Add("\nSELECT x.video_id, x.number, x.start, x.\"end\", x.text")
            .SegmentsIn(segments, pieces.Count > 1 ? "kept_stretches" : "stretches", from)
            .Add("\nORDER BY x.video_id, x.number, x.id").Build();
    }

    /// <summary>What is around the hits of a video, as stretches that do not touch: where hits are near to each other, they share
    /// one.</summary>
    private static SqlBuilder Stretches(this SqlBuilder sql, string name, string hits, string width) => sql.Add($"""
        ,
        {name} AS MATERIALIZED (
        SELECT video_id, min(number) - {width} AS first, max(number) + {width} AS last
        FROM (SELECT video_id, number, count(*) FILTER (WHERE is_far) OVER (PARTITION BY video_id ORDER BY number) AS stretch
        FROM (SELECT video_id, number, number - lag(number) OVER (PARTITION BY video_id ORDER BY number) > 2 * {width} + 1 AS is_far
            FROM {hits}) apart) numbered
        GROUP BY video_id, stretch)
        """);

    /// <summary>The hits that have all other pieces within reach, found by looking around each, one by one (OFFSET): few segments, for a
    /// short phrase.</summary>
    private static SqlBuilder WithOthersBeside(
        this SqlBuilder sql, string segments, IReadOnlyList<string> pieces, string source, string width)
    {
        sql.Add(",\nkept AS MATERIALIZED (\nSELECT h.video_id, h.number FROM hits h WHERE true");
        foreach (var piece in pieces.Skip(1))
            sql.Add($"\n  AND EXISTS (SELECT 1 FROM {segments} p WHERE p.video_id = h.video_id AND p.source = {source} AND "
                + $"p.number BETWEEN h.number - {width} AND h.number + {width}").Has("p", piece).Add(" OFFSET 0)");
        return sql.Add(")");
    }

    /// <summary>The same for a reach of any width. Every segment around hits is compared with each piece once, and windows that glide along
    /// count.</summary>
    private static SqlBuilder WithOthersNear(
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

    /// <summary>One look into the index of numbers for each stretch, which OFFSET keeps the planner to: it would compare every stretch of a
    /// video with all its segments.</summary>
    private static SqlBuilder SegmentsIn(this SqlBuilder sql, string segments, string stretches, string source) => sql.Add(
        $"\nFROM {stretches} around CROSS JOIN LATERAL (SELECT s.id, s.video_id, s.number, s.start, s.\"end\", s.text, s.words FROM "
            + $"{segments} s WHERE s.video_id = around.video_id AND s.source = {source} AND s.number BETWEEN around.first AND "
            + $"around.last OFFSET 0) x");

    private static SqlBuilder Has(this SqlBuilder sql, string alias, string piece) => sql.Add($"\n  AND {sql.HasPiece(alias, piece)}");

    /// <summary>The segment has the piece as a whole word.</summary>
    private static string HasPiece(this SqlBuilder sql, string alias, string piece)
        => $"{alias}.words LIKE {sql.Parameter($"% {piece} %")}";
}

using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Search.Logos;

/// <summary>The statement that finds the names of brands on screen.</summary>
internal static class ScreenLineQueries
{
    /// <summary>The letters and digits of a name. A line with the name has them one after the other, however it is divided.</summary>
    public static string LettersOf(string name) => string.Concat(PlainWords.Of(name));

    /// <summary>Rows of <see cref="ScreenLine"/>, video by video in order.</summary>
    /// <param name="letters">See <see cref="LettersOf"/>. None: every line.</param>
    /// <param name="after">The line before the first one.</param>
    public static SqlStatement LinesWith(SearchScope scope, string letters, ScreenLine after, int limit)
    {
        // The source is part of the index, so it is written out.
        var sql = new SqlBuilder().Add("SELECT x.video_id, x.number, x.start, x.\"end\", x.text").InScope(SearchTable.Segments, scope)
            .Add("\n  AND x.source = 'screen'");
        if (letters.Length > 0)
            // The expression of the index ix_text_segments_spellings: another one would not use it.
            sql.Add($"\n  AND replace(x.words, ' ', '') LIKE {sql.Parameter($"%{letters}%")}");
        return sql.Add($"\n  AND (x.video_id, x.number) > ({sql.Parameter(after.VideoId)}, {sql.Parameter(after.Number)})\nORDER BY "
            + $"x.video_id, x.number\nLIMIT {sql.Parameter(limit)}").Build();
    }
}

/// <summary>Text that was on screen. Times are seconds.</summary>
/// <param name="Number">Its place among the lines of the video.</param>
internal readonly record struct ScreenLine(string VideoId, int Number, double Start, double End, string Text)
{
    /// <summary>Comes before every line.</summary>
    public static ScreenLine None { get; } = new("", 0, 0, 0, "");
}

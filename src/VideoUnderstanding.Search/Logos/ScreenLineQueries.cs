using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Search.Logos;

/// <summary>SQL statement that finds brand names in screen text.</summary>
internal static class ScreenLineQueries
{
    /// <summary>Returns the letters and digits of a name. A line with the name contains them consecutively, with or without
    /// spaces.</summary>
    public static string LettersOf(string name) => string.Concat(PlainWords.Of(name));

    /// <summary>Rows of <see cref="ScreenLine"/>, ordered by video and position.</summary>
    /// <param name="letters">See <see cref="LettersOf"/>. An empty text selects every line.</param>
    /// <param name="after">The last line of the previous page.</param>
    public static SqlStatement LinesWith(SearchScope scope, string letters, ScreenLine after, int limit)
    {
        // The partial index contains the source as a literal, so a parameter would prevent its use.
        var sql = new SqlBuilder().Add("SELECT x.video_id, x.number, x.start, x.\"end\", x.text").InScope(SearchTable.Segments, scope)
            .Add("\n  AND x.source = 'screen'");
        if (letters.Length > 0)
            // Must equal the expression of the index ix_text_segments_joined_words_trigrams; otherwise PostgreSQL does not use the index.
            sql.Add($"\n  AND replace(x.words, ' ', '') LIKE {sql.Parameter($"%{letters}%")}");
        return sql.Add($"\n  AND (x.video_id, x.number) > ({sql.Parameter(after.VideoId)}, {sql.Parameter(after.Number)})\nORDER BY "
            + $"x.video_id, x.number\nLIMIT {sql.Parameter(limit)}").Build();
    }
}

/// <summary>A line of screen text. Times are seconds.</summary>
/// <param name="Number">Position among the lines of the video.</param>
internal readonly record struct ScreenLine(string VideoId, int Number, double Start, double End, string Text)
{
    /// <summary>Sorts before every line; starts the first page.</summary>
    public static ScreenLine None { get; } = new("", 0, 0, 0, "");
}

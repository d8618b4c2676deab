using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Search.Sound;

namespace VideoUnderstanding.Search;

/// <summary>SQL statement that reads sound moments.</summary>
internal static class SoundQueries
{
    /// <summary>Rows of <see cref="SoundHit"/>: moments with one of the classes, highest evidence first. The evidence is the maximum of
    /// score × weight over the classes.</summary>
    /// <param name="sounds">At least one class.</param>
    public static SqlStatement MomentsOf(SearchScope scope, IReadOnlyList<WeightedSoundClass> sounds, int limit)
    {
        var sql = new SqlBuilder();
        var (numbers, weights) =
            (sql.Parameter(sounds.Select(sound => sound.Number).ToArray()), sql.Parameter(sounds.Select(sound => sound.Weight).ToArray()));
        return sql.Add($"""
            SELECT x.video_id, x.start, x."end", (
            SELECT max(heard.score * asked.weight)::float8 FROM unnest(x.classes, x.scores) heard(class, score)
            JOIN unnest({numbers}, {weights}) asked(class, weight) ON asked.class = heard.class) AS evidence
            """)
            .InScope(SearchTable.Sounds, scope)
            .Add($"\n  AND x.classes && {numbers}\nORDER BY evidence DESC, x.video_id, x.start\nLIMIT {sql.Parameter(limit)}").Build();
    }
}

/// <summary>A moment with one of the requested sound classes. Times are seconds; the evidence is 0 to 1.</summary>
internal readonly record struct SoundHit(string VideoId, double Start, double End, double Evidence);

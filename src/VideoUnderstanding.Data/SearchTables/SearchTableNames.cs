using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.SearchTables;

/// <summary>The kinds of rows that searches read.</summary>
public enum SearchTable
{
    Frames,
    Segments,
    Regions,
    Sounds,
}

/// <summary>Names of the tables that hold the rows of one search index, as SQL text. docs/decisions/0013-search-tables.md.</summary>
public sealed record SearchTableNames
{
    private static readonly string[] Names = ["frame_vectors", "text_segments", "logo_regions", "sound_moments"];

    private readonly string _prefix;
    private readonly string _suffix;

    private SearchTableNames(string prefix, string suffix) => (_prefix, _suffix) = (prefix, suffix);

    /// <summary>The tables that small indexes share. They have no vector index: all rows of a small index are compared.</summary>
    public static SearchTableNames Shared { get; } = new("", "");

    /// <summary>True for tables that hold one index only and have vector indexes.</summary>
    public bool IsOwn => _prefix.Length > 0;

    public string this[SearchTable table] => $"{_prefix}{Names[(int)table]}{_suffix}";

    /// <param name="indexId">24 hexadecimal digits, because it becomes part of a statement.</param>
    /// <param name="generation">From 1. Generations of one index stand beside each other, so that another model's vectors can be made while
    /// searches read the present ones.</param>
    public static SearchTableNames Own(string indexId, int generation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(generation, 1);
        return new($"{Schema(indexId)}.", $"_{generation}");
    }

    /// <summary>The schema that holds the tables of one large index, of all generations.</summary>
    internal static string Schema(string indexId) => indexId.Length == 24 && indexId.All(char.IsAsciiHexDigitLower)
        ? $"index_{indexId}"
        : throw new ArgumentException("The identifier of an index has 24 hexadecimal digits.", nameof(indexId));
}

/// <summary>Rows of search tables as entities.</summary>
public static class SearchTableQueries
{
    public static IQueryable<FrameVector> FramesIn(this VideoDbContext db, SearchTableNames tables)
        => In(db.Frames, tables, SearchTable.Frames);

    public static IQueryable<TextSegment> SegmentsIn(this VideoDbContext db, SearchTableNames tables)
        => In(db.TextSegments, tables, SearchTable.Segments);

    public static IQueryable<LogoRegion> RegionsIn(this VideoDbContext db, SearchTableNames tables)
        => In(db.LogoRegions, tables, SearchTable.Regions);

    public static IQueryable<SoundMoment> SoundsIn(this VideoDbContext db, SearchTableNames tables)
        => In(db.SoundMoments, tables, SearchTable.Sounds);

    private static IQueryable<T> In<T>(DbSet<T> rows, SearchTableNames tables, SearchTable table)
        where T : class
        => tables.IsOwn ? rows.FromSqlRaw(SearchTableShape.Select(tables, table)).AsNoTracking() : rows.AsNoTracking();
}

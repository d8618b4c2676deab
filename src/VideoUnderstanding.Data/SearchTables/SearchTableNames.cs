using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.SearchTables;

/// <summary>Kinds of search tables.</summary>
public enum SearchTable
{
    Frames,
    Segments,
    Regions,
    Sounds,
}

/// <summary>SQL names of the tables with the rows of one index. docs/decisions/0013-search-tables.md.</summary>
public sealed record SearchTableNames
{
    private static readonly string[] Names = ["frame_vectors", "text_segments", "logo_regions", "sound_moments"];

    private readonly string _prefix;
    private readonly string _suffix;

    private SearchTableNames(string prefix, string suffix) => (_prefix, _suffix) = (prefix, suffix);

    /// <summary>The shared tables of small indexes. They have no HNSW index: searches compare all rows of a small index.</summary>
    public static SearchTableNames Shared { get; } = new("", "");

    /// <summary>True for tables of a single index, which have HNSW indexes.</summary>
    public bool IsDedicated => _prefix.Length > 0;

    public string this[SearchTable table] => $"{_prefix}{Names[(int)table]}{_suffix}";

    /// <param name="indexId">24 hexadecimal digits; validated, because it becomes part of SQL statements.</param>
    /// <param name="generation">From 1. Several generations can coexist, so that vectors of another model can be created while searches use
    /// the present ones.</param>
    public static SearchTableNames Dedicated(string indexId, int generation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(generation, 1);
        return new($"{Schema(indexId)}.", $"_{generation}");
    }

    /// <summary>Returns the schema with all generations of the tables of a large index.</summary>
    internal static string Schema(string indexId) => indexId.Length == 24 && indexId.All(char.IsAsciiHexDigitLower)
        ? $"index_{indexId}"
        : throw new ArgumentException("The identifier of an index has 24 hexadecimal digits.", nameof(indexId));
}

/// <summary>Queries on search tables.</summary>
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
        => tables.IsDedicated ? rows.FromSqlRaw(SearchTableShape.Select(tables, table)).AsNoTracking() : rows.AsNoTracking();
}

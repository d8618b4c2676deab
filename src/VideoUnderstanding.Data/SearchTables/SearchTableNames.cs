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

    private SearchTableNames(string prefix, int generation)
        => (_prefix, _suffix, Generation) = (prefix, generation == 0 ? "" : $"_{generation}", generation);

    /// <summary>The shared tables of small indexes. They have no HNSW index: searches compare all rows of a small index.</summary>
    public static SearchTableNames Shared { get; } = new("", 0);

    /// <summary>0 for the shared tables.</summary>
    public int Generation { get; }

    /// <summary>True for tables of a single index.</summary>
    public bool IsDedicated => Generation > 0;

    /// <summary>True if the tables have HNSW indexes. False for the shared tables, and for tables of a small index that was switched to
    /// other models.</summary>
    public bool HasVectorIndexes { get; init; }

    /// <summary>Profile whose models made the vectors; null: the profile of the installation.</summary>
    public string? Profile { get; init; }

    public string this[SearchTable table] => $"{_prefix}{Names[(int)table]}{_suffix}";

    /// <param name="indexId">24 hexadecimal digits; validated, because it becomes part of SQL statements.</param>
    /// <param name="generation">From 1. Several generations can coexist, so that vectors of another model can be created while searches use
    /// the present ones.</param>
    public static SearchTableNames Dedicated(string indexId, int generation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(generation, 1);
        return new($"{Schema(indexId)}.", generation) { HasVectorIndexes = true };
    }

    /// <param name="generation">From 0.</param>
    internal static SearchTableNames Of(string indexId, int generation) => generation == 0 ? Shared : Dedicated(indexId, generation);

    /// <summary>Returns the schema with all generations of the dedicated tables of an index.</summary>
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

namespace VideoUnderstanding.Search;

/// <summary>Which way a search takes: to compare everything, or to let the HNSW index bring candidates.</summary>
internal static class ScanBounds
{
    /// <summary>What one row of the HNSW index costs, in rows that are read in their order and compared: 38 microseconds to about one, measured with vectors in memory, and held back.</summary>
    private const double IndexRowCost = 16;

    /// <summary>Beyond so many times <see cref="VideoSearchOptions.ExactVectors"/> not everything is compared any more where a part will do.</summary>
    private const long MostScans = 10;

    /// <summary>Rows up to which comparing them all is no dearer than the index, which spans all search indexes and passes over the rows of the others.</summary>
    /// <param name="wanted">Rows to find.</param>
    /// <param name="ofAllIndexes">Rows of the table.</param>
    public static long CheapScan(VideoSearchOptions limits, int wanted, double ofAllIndexes)
        => (long)Math.Clamp(Math.Sqrt(IndexRowCost * wanted * Math.Max(0, ofAllIndexes)), limits.ExactVectors, LongestScan(limits));

    /// <summary>Rows that are compared at most where a sample of them will do, and how many rows of a table that is; small tables are compared whole whatever the settings.</summary>
    public static long Sample(VideoSearchOptions limits) => Math.Max(LongestScan(limits), MostScans * limits.CandidateVectors);

    private static long LongestScan(VideoSearchOptions limits) => MostScans * limits.ExactVectors;
}

/// <summary>How many rows a search has to do with.</summary>
internal enum ScopeSize
{
    /// <summary>Every row is looked at.</summary>
    Small,

    /// <summary>Every row is compared, which is no dearer than the index.</summary>
    Scannable,

    /// <summary>The index brings candidates.</summary>
    Large,
}

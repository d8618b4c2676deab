using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Search;

/// <summary>Settings of searches. They bound what one request may cost.</summary>
public sealed class VideoSearchOptions
{
    public const string Section = "VideoUnderstanding:Search";

    /// <summary>If a filter keeps at most this many vectors of a large index, all of them are compared and the answer is exact. Otherwise,
    /// and without a filter, the nearest are found by the HNSW indexes of its tables. In a small index all are compared.</summary>
    [Range(0, 10_000_000)]
    public int ExactVectors { get; set; } = 20_000;

    /// <summary>True for searches whose size is bounded in another way: all vectors of the scope are compared.</summary>
    internal bool ComparesAll { get; set; }

    /// <summary>Vectors that one look into the HNSW index brings. For as many videos as are wanted, it is continued up to ten
    /// times.</summary>
    [Range(50, 100_000)]
    public int CandidateVectors { get; set; } = 1_000;

    /// <summary>hnsw.ef_search: the breadth of the look into the HNSW index. More finds more and takes longer.</summary>
    [Range(40, 1_000)]
    public int HnswBreadth { get; set; } = 800;

    /// <summary>hnsw.max_scan_tuples: after this many vectors the look into the HNSW index gives up. If it has found too few by then, all
    /// that the filter keeps are compared.</summary>
    [Range(1_000, 10_000_000)]
    public int HnswScanTuples { get; set; } = 200_000;

    /// <summary>Videos whose frames are looked at one by one when an index is too large to compare all.</summary>
    [Range(10, 10_000)]
    public int CandidateVideos { get; set; } = 200;

    /// <summary>Frames of these videos that are looked at together; videos beyond are left out, the least similar first. For joined queries
    /// also segments of text and parts of pictures.</summary>
    [Range(1_000, 10_000_000)]
    public int CurveFrames { get; set; } = 200_000;

    /// <summary>Segments of text that are weighed for one text and option.</summary>
    [Range(50, 100_000)]
    public int CandidateSegments { get; set; } = 1_000;

    /// <summary>Seconds that one statement of a search may take in the database. Comparing all of a very large index takes long, and is
    /// better than no answer.</summary>
    [Range(1, 3_600)]
    public int StatementSeconds { get; set; } = 120;

    /// <summary>Clips of one answer over all its pages. The best are kept.</summary>
    [Range(50, 100_000)]
    public int Clips { get; set; } = 1_000;

    /// <summary>How long the further pages of an answer can be read.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan PageLifetime { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>The same settings but for a few, for searches whose size is bounded in another way.</summary>
    internal VideoSearchOptions With(Action<VideoSearchOptions> change)
    {
        var copy = (VideoSearchOptions)MemberwiseClone();
        change(copy);
        return copy;
    }
}

using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Search;

/// <summary>Settings of searches, which limit the cost of one request. Section <c>VideoUnderstanding:Search</c>.</summary>
public sealed class VideoSearchOptions
{
    public const string Section = "VideoUnderstanding:Search";

    /// <summary>If a filter keeps at most this many vectors of a large index, all are compared and the result is exact. Otherwise, and
    /// without a filter, the HNSW indexes are used. In small indexes all vectors are compared.</summary>
    [Range(0, 10_000_000)]
    public int ExactVectors { get; set; } = 20_000;

    /// <summary>True compares all vectors of the scope, for searches with a bounded scope.</summary>
    internal bool ComparesAll { get; set; }

    /// <summary>Rows of one fetch from the HNSW index. A search for videos fetches up to ten times to find enough of them; a search for
    /// text once.</summary>
    [Range(50, 100_000)]
    public int CandidateVectors { get; set; } = 400;

    /// <summary>hnsw.ef_search: candidates of the HNSW scan. Higher values increase recall and duration.</summary>
    [Range(40, 1_000)]
    public int HnswBreadth { get; set; } = 800;

    /// <summary>hnsw.max_scan_tuples: maximum vectors that an HNSW scan visits. If it finds too few, all vectors that pass the filter are
    /// compared.</summary>
    [Range(1_000, 10_000_000)]
    public int HnswScanTuples { get; set; } = 200_000;

    /// <summary>Maximum videos of a large index that are searched for moments.</summary>
    [Range(10, 10_000)]
    public int CandidateVideos { get; set; } = 100;

    /// <summary>Maximum frames of these videos in total; the least similar videos are omitted. For combined queries the limit also applies
    /// to text segments and frame regions.</summary>
    [Range(1_000, 10_000_000)]
    public int CurveFrames { get; set; } = 200_000;

    /// <summary>Maximum text segments that are scored per text and option.</summary>
    [Range(50, 100_000)]
    public int CandidateSegments { get; set; } = 1_000;

    /// <summary>Timeout of one SQL statement of a search, in seconds. An exact scan of a very large index takes a long time.</summary>
    [Range(1, 3_600)]
    public int StatementSeconds { get; set; } = 120;

    /// <summary>Maximum additional database connections of all searches of a process, for statements of one search that run at the same
    /// time. Each search has one connection of its own. 0: the statements of a search run one after another.</summary>
    [Range(0, 64)]
    public int SideConnections { get; set; } = Math.Clamp(Environment.ProcessorCount, 2, 16);

    /// <summary>Maximum clips of one answer over all pages, best first.</summary>
    [Range(50, 100_000)]
    public int Clips { get; set; } = 1_000;

    /// <summary>Maximum size of a picture file that a search is given, in bytes.</summary>
    [Range(1_000, 100_000_000)]
    public int PictureBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>Maximum pixels of a picture that a search is given.</summary>
    [Range(1_000, 200_000_000)]
    public int PicturePixels { get; set; } = 64_000_000;

    /// <summary>Time for which the pages of an answer are stored.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan PageLifetime { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>Returns a changed copy, for searches whose scope is bounded.</summary>
    internal VideoSearchOptions With(Action<VideoSearchOptions> change)
    {
        var copy = (VideoSearchOptions)MemberwiseClone();
        change(copy);
        return copy;
    }
}

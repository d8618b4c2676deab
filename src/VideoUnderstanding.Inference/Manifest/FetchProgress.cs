namespace VideoUnderstanding.Inference.Manifest;

/// <summary>Progress of a download. Reported when a file starts, every few megabytes, and when a file ends.</summary>
/// <param name="FileNumber">Counts from 1.</param>
/// <param name="Received">Bytes of this file, including those of an earlier, interrupted download.</param>
/// <param name="Total">Bytes of this file; null if unknown.</param>
/// <param name="Remaining">Bytes of this and all later files that are still to be downloaded; files of unknown size count as 0.</param>
public sealed record FetchProgress(string ModelId, string File, int FileNumber, int FileCount, long Received, long? Total, long Remaining);

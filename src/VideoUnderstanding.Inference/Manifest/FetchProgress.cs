namespace VideoUnderstanding.Inference.Manifest;

/// <summary>How far a download is. Told when a file starts, every few megabytes, and when it ends.</summary>
/// <param name="FileNumber">Counts from 1.</param>
/// <param name="Received">Bytes of this file, those of an earlier, interrupted download included.</param>
/// <param name="Total">Bytes of this file; null when nobody says.</param>
public sealed record FetchProgress(string ModelId, string File, int FileNumber, int FileCount, long Received, long? Total);

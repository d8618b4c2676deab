namespace VideoUnderstanding.Media;

/// <summary>Detects files that are cut off or damaged.</summary>
internal static class Completeness
{
    /// <summary>Seconds that may always be missing, because the duration of the last packet is often estimated.</summary>
    public const double AlwaysTolerated = 2;

    public static bool TooMuchMissing(double declaredEnd, double realEnd, double maxShare)
        => declaredEnd - realEnd > Math.Max(AlwaysTolerated, declaredEnd * maxShare);

    /// <summary>A file is refused only if it ends early and data is missing: the demuxer reported an error, or the file has fewer bytes
    /// than its header declares. A header that declares too much is no error by itself.</summary>
    /// <param name="info">As measured from the packets.</param>
    /// <param name="bytes">File length by the header; null if the header does not declare it.</param>
    /// <exception cref="MediaException">The file ends long before its declared end.</exception>
    public static void Check(ProbeReport header, MediaInfo info, PacketScan scan, DeclaredBytes? bytes, double maxMissingShare)
    {
        if (info.Clock.Kind != ClockKind.Stamped || !(scan.HasErrors || bytes?.TooFew(maxMissingShare) == true))
            return;
        if (DeclaredEnd(header) - info.Clock.Origin is { } declared
            && TooMuchMissing(declared, info.DurationSeconds, maxMissingShare))
            throw new MediaException(FormattableString.Invariant(
                $"The file is cut off or broken: it should last {declared:0.0} s, but its data ends at {info.DurationSeconds:0.0} s."));
        if (bytes?.TooFew(maxMissingShare) == true && LacksFrames(header, info, scan, maxMissingShare))
            throw new MediaException($"The file is cut off: it should have {bytes.Declared} bytes, but has {bytes.Real}.");
    }

    // Other tracks (chapters, subtitles, time codes) may be longer than picture and sound.
    private static double? DeclaredEnd(ProbeReport header)
    {
        var ends = header.Pictures.Select(track => track.EndSeconds).Concat(header.Sounds.Select(track => track.EndSeconds)).ToList();
        return ends.Contains(null) ? header.DeclaredEnd : ends.Max() + header.StartSeconds;
    }

    private static bool LacksFrames(ProbeReport header, MediaInfo info, PacketScan scan, double maxMissingShare)
        => info.Video is not { } video || !header.FrameCounts.TryGetValue(video.StreamIndex, out var declared)
            || (scan.Find(video.StreamIndex)?.Count ?? 0) < declared * (1 - maxMissingShare);
}

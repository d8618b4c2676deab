namespace VideoUnderstanding.Media;

/// <summary>Tells a file that is cut off or damaged from one whose header is wrong.</summary>
internal static class Completeness
{
    /// <summary>Seconds that may always be missing: the last packet's length is often a guess.</summary>
    public const double AlwaysTolerated = 2;

    public static bool TooMuchMissing(double declaredEnd, double realEnd, double maxShare)
        => declaredEnd - realEnd > Math.Max(AlwaysTolerated, declaredEnd * maxShare);

    /// <summary>
    /// A header that promises more than there is does not make a file broken: it may be wrong. Refused is only a file that ends early and
    /// shows that data is missing: the demuxer complained, or the file has fewer bytes than its header counts.
    /// </summary>
    /// <param name="info">What the packets tell.</param>
    /// <param name="bytes">What the header says of the file's length; null when it does not.</param>
    /// <exception cref="MediaException">The file ends long before it says.</exception>
    public static void Check(ProbeReport header, MediaInfo info, PacketScan scan, DeclaredBytes? bytes, double maxMissingShare)
    {
        if (info.Clock.Kind != ClockKind.Stamped || !(scan.Complaints || bytes?.TooFew(maxMissingShare) == true))
            return;
        if (DeclaredEnd(header) - info.Clock.Origin is { } declared
            && TooMuchMissing(declared, info.DurationSeconds, maxMissingShare))
            throw new MediaException(FormattableString.Invariant(
                $"The file is cut off or broken: it should last {declared:0.0} s, but its data ends at {info.DurationSeconds:0.0} s."));
        if (bytes?.TooFew(maxMissingShare) == true && LacksFrames(header, info, scan, maxMissingShare))
            throw new MediaException($"The file is cut off: it should have {bytes.Declared} bytes, but has {bytes.Real}.");
    }

    // Other tracks (chapters, subtitles, time codes) may be longer than what is seen and heard.
    private static double? DeclaredEnd(ProbeReport header)
    {
        var ends = header.Pictures.Select(track => track.EndSeconds).Concat(header.Sounds.Select(track => track.EndSeconds)).ToList();
        return ends.Contains(null) ? header.DeclaredEnd : ends.Max() + header.StartSeconds;
    }

    private static bool LacksFrames(ProbeReport header, MediaInfo info, PacketScan scan, double maxMissingShare)
        => info.Video is not { } video || !header.FrameCounts.TryGetValue(video.StreamIndex, out var declared)
            || (scan.Of(video.StreamIndex)?.Count ?? 0) < declared * (1 - maxMissingShare);
}

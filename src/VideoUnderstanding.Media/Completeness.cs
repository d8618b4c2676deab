namespace VideoUnderstanding.Media;

/// <summary>Compares what a file says of its length with what is really there.</summary>
internal static class Completeness
{
    /// <summary>Seconds that may always be missing: the last packet's length is often a guess.</summary>
    public const double AlwaysTolerated = 2;

    // A header that claims less than there is by more than this is not believed.
    private const double Rounding = 1;

    public static bool TooMuchMissing(double declaredEnd, double realEnd, double maxShare)
        => declaredEnd - realEnd > Math.Max(AlwaysTolerated, declaredEnd * maxShare);

    /// <summary>The file's length and its tracks' ends after its last packets were read.</summary>
    /// <param name="startSeconds">Time stamp that counts as the start of the file.</param>
    /// <exception cref="MediaException">The file ends long before it says.</exception>
    public static MediaInfo Check(MediaInfo info, double startSeconds, PacketEnds ends, double maxMissingShare)
    {
        var video = ends.Of(info.Video?.StreamIndex ?? -1) - startSeconds;
        var audio = ends.Of(info.Audio?.StreamIndex ?? -1) - startSeconds;
        var real = Math.Max(video ?? 0, audio ?? 0);
        if (real <= 0)
            throw new MediaException("The file is broken: it has a header but no picture or sound can be read from it.");
        // Other tracks (chapters, subtitles, time codes) may be longer than what is seen and heard.
        var declared = Longest(info) ?? info.DurationSeconds;
        if (TooMuchMissing(declared, real, maxMissingShare))
            throw new MediaException(FormattableString.Invariant($"The file is cut off or broken: it should last {declared:0.0} s, but its data ends at {real:0.0} s."));
        return info with
        {
            DurationSeconds = info.DurationSeconds >= real - Rounding ? info.DurationSeconds : real,
            Video = info.Video is null ? null : info.Video with { EndSeconds = info.Video.EndSeconds ?? video },
            Audio = info.Audio is null ? null : info.Audio with { EndSeconds = info.Audio.EndSeconds ?? audio },
        };
    }

    private static double? Longest(MediaInfo info)
    {
        if ((info.Video is not null && info.Video.EndSeconds is null) || (info.Audio is not null && info.Audio.EndSeconds is null))
            return null;
        return Math.Max(info.Video?.EndSeconds ?? 0, info.Audio?.EndSeconds ?? 0);
    }
}

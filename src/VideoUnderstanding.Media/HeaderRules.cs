namespace VideoUnderstanding.Media;

/// <summary>What a header may promise before anything more of the file is looked at. A small file can claim sizes that no machine could decode.</summary>
internal static class HeaderRules
{
    // Studio recordings have 192 or 384 kHz and some dozens of channels.
    private const int MaxSampleRate = 768_000;
    private const int MaxChannels = 64;

    /// <exception cref="MediaException">It promises too much.</exception>
    public static void Check(ProbeReport header, MediaToolOptions options)
    {
        var info = header.Info;
        if (header.Tracks > options.MaxTracks)
            throw new MediaException($"The file has {header.Tracks} tracks; at most {options.MaxTracks} are read.");
        if (info.Video is { } video)
        {
            if (Math.Max(header.StoredPixels, (long)video.Width * video.Height) > options.MaxPixels)
                throw new MediaException($"The file promises pictures of {video.Width}x{video.Height}; pictures of at most {options.MaxPixels} pixels are read.");
            if (info.DurationSeconds * video.FramesPerSecond > options.MaxPictures)
                throw new MediaException(FormattableString.Invariant(
                    $"The file promises {info.DurationSeconds * video.FramesPerSecond:0} pictures ({video.FramesPerSecond:0.##} a second); at most {options.MaxPictures} are read."));
        }
        if (info.Audio is { } audio && (audio.SampleRate > MaxSampleRate || audio.Channels > MaxChannels))
            throw new MediaException($"The file promises {audio.Channels} channels of sound with {audio.SampleRate} samples a second; at most {MaxChannels} and {MaxSampleRate} are read.");
    }
}

namespace VideoUnderstanding.Media;

/// <summary>Limits on sizes that a header declares, checked before the packets are read: a small file can declare sizes that no machine can
/// decode. Lengths and counts are checked by the packets.</summary>
internal static class HeaderRules
{
    // Studio recordings have 192 or 384 kHz and some dozens of channels.
    private const int MaxSampleRate = 768_000;
    private const int MaxChannels = 64;

    /// <param name="info">The tracks that are used.</param>
    /// <exception cref="MediaException">A declared size exceeds a limit.</exception>
    public static void Check(ProbeReport header, MediaInfo info, MediaToolOptions options)
    {
        if (header.Tracks > options.MaxTracks)
            throw new MediaException($"The file has {header.Tracks} tracks; at most {options.MaxTracks} are read.");
        if (info.Video is { } video
            && Math.Max(header.StoredPixels.GetValueOrDefault(video.StreamIndex), (long)video.Width * video.Height) > options.MaxPixels)
            throw new MediaException($"The file promises pictures of {video.Width}x{video.Height}; pictures of at most "
                + $"{options.MaxPixels} pixels are read.");
        if (info.AudioTracks.FirstOrDefault(track => track.SampleRate > MaxSampleRate || track.Channels > MaxChannels) is { } audio)
            throw new MediaException($"The file promises {audio.Channels} channels of sound with {audio.SampleRate} samples a second; at "
                + $"most {MaxChannels} and {MaxSampleRate} are read.");
    }
}

namespace VideoUnderstanding.Media;

/// <summary>Computes the times of a video from its packets. The header supplies only what the packets lack.</summary>
internal static class MediaTimeline
{
    // Seconds. With an edit list or sound padding the header of an MP4 file is exact to the sample, packets are not.
    private const double PacketLength = 0.1;

    // Relative difference up to which the header's rate and the counted one are the same.
    private const double RateTolerance = 0.02;

    // Minimum tick rate of an irregular track: its ticks are milliseconds or finer, far more than there are frames.
    private const double MinIrregularTickRate = 30;

    // In files that do not store frame lengths, a final still picture may last this many times the longest interval before it.
    private const double MaxStillFactor = 5;

    /// <summary>The clock before any correction.</summary>
    public static MediaClock Clock(ProbeReport header, PacketScan scan)
    {
        var container = header.Info.Container;
        var tracks = Present(header, scan);
        return new MediaClock
        {
            Kind = scan.Restarts ? ClockKind.Corrected : Containers.HasNoTimestamps(container) ? ClockKind.Counted : ClockKind.Stamped,
            Origin = Origin(tracks, scan),
            CountedRate = tracks.Video?.FramesPerSecond ?? 0,
            Streams = [.. tracks.Video is { } video ? (int[])[video.StreamIndex] : [], .. tracks.Sounds.Select(track => track.StreamIndex)],
            Demuxer = scan.Restarts ? Containers.Joining(container) : null,
        };
    }

    /// <summary>The content of the file, with the ends and rates of its tracks as measured from the packets.</summary>
    /// <param name="scan">With the timestamps of <paramref name="clock"/>.</param>
    /// <exception cref="MediaException">No track has a packet.</exception>
    public static MediaInfo Describe(ProbeReport header, MediaClock clock, PacketScan scan)
    {
        var (video, sounds) = Present(header, scan);
        if (video is null && sounds.Count == 0)
            throw new MediaException("The file is broken: it has a header but no picture or sound can be read from it.");
        clock = clock with { Origin = clock.Kind == ClockKind.Counted ? 0 : Origin((video, sounds), scan) };
        if (video is not null)
            video = clock.Kind == ClockKind.Counted
                ? video with { EndSeconds = scan.Find(video.StreamIndex)!.Count / video.FramesPerSecond }
                : Measured(video, header, clock, scan);
        var measured = sounds.Select(track => track with
        {
            EndSeconds = End(header, clock, scan, track.StreamIndex, track.EndSeconds) - clock.Origin,
        }).ToList();
        var audio = measured.FirstOrDefault();
        return header.Info with
        {
            DurationSeconds = Math.Max(video?.EndSeconds ?? 0, audio?.EndSeconds ?? 0), Video = video, Audio = audio, Clock = clock,
            AudioTracks = measured,
        };
    }

    // Ignores tracks without packets.
    private static (VideoTrack? Video, IReadOnlyList<AudioTrack> Sounds) Present(ProbeReport header, PacketScan scan)
        => (header.Pictures.FirstOrDefault(track => scan.Find(track.StreamIndex) is not null),
            [.. header.Sounds.Where(track => scan.Find(track.StreamIndex) is not null)]);

    private static double Origin((VideoTrack? Video, IReadOnlyList<AudioTrack> Sounds) tracks, PacketScan scan)
        => (tracks.Video is { } video ? scan.Find(video.StreamIndex)?.Start : null)
            ?? (tracks.Sounds is [var sound, ..] ? scan.Find(sound.StreamIndex)?.Start : null) ?? 0;

    private static VideoTrack Measured(VideoTrack track, ProbeReport header, MediaClock clock, PacketScan scan)
    {
        var packets = scan.Find(track.StreamIndex)!;
        if (End(header, clock, scan, track.StreamIndex, track.EndSeconds) is not { } end)
            return track with { EndSeconds = null };
        var length = end - (packets.Start ?? 0);
        var counted = length > 0 ? packets.Shown / length : 0;
        var (declared, steady) = (track.FramesPerSecond, packets.SteadyRate);
        // The header's number is the exact one. Each field of an interlaced picture may be a packet.
        var usesDeclared = counted <= 0 || (declared > 0 && (IsSame(steady ?? counted, declared)
            || (header.Interlaced.Contains(track.StreamIndex) && IsSame(counted, 2 * declared))));
        return track with
        {
            EndSeconds = end - clock.Origin, FramesPerSecond = usesDeclared ? declared : steady ?? counted,
            TickRate = usesDeclared || steady is not null ? track.TickRate
                : Math.Min(Math.Max(track.TickRate, counted), Math.Max(counted, MinIrregularTickRate)),
        };
    }

    private static bool IsSame(double rate, double declared) => Math.Abs(rate - declared) <= RateTolerance * declared;

    /// <summary>Timestamp at which the last frame or sample of a track ends.</summary>
    private static double? End(ProbeReport header, MediaClock clock, PacketScan scan, int stream, double? declared)
    {
        if (scan.Find(stream) is not { LastStart: { } last } packets)
            return null;
        // In a damaged file the header describes packets that cannot be read.
        var hint = clock.Kind == ClockKind.Stamped && !scan.HasErrors ? header.EndHint(declared) : null;
        if (Containers.StoresFrameLengths(header.Info.Container))
        {
            var stored = last + (packets.LastLength ?? packets.MeanInterval);
            return hint is { } exact && Math.Abs(exact - stored) <= PacketLength ? exact : stored;
        }
        if (hint > last && hint <= last + MaxStillFactor * packets.MaxInterval)
            return hint;
        // Without a constant rate the packet length is unreliable.
        return last + (packets.SteadyRate is null ? packets.MeanInterval : packets.LastLength ?? packets.MeanInterval);
    }
}

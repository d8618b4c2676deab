namespace VideoUnderstanding.Media;

/// <summary>What a file holds. Durations, times and frame rates come from the packets, not from the header.</summary>
/// <param name="Container">FFmpeg's demuxer name, for example <c>mov,mp4,m4a,3gp,3g2,mj2</c>.</param>
/// <param name="DurationSeconds">From time 0 of <paramref name="Clock"/> to the end of the last frame or sound sample.</param>
/// <param name="SizeBytes">Length of the file.</param>
/// <param name="Video">The default picture track (cover art does not count); null when there is none.</param>
/// <param name="Audio">The sound track that is used; null when there is none.</param>
public sealed record MediaInfo(string Container, double DurationSeconds, long SizeBytes, VideoTrack? Video, AudioTrack? Audio)
{
    /// <summary>How timestamps of the file become times of the video.</summary>
    public MediaClock Clock { get; init; } = new();

    /// <summary>All sound tracks that have packets. The default one is first.</summary>
    public IReadOnlyList<AudioTrack> AudioTracks { get; init; } = Audio is null ? [] : [Audio];
}

/// <summary>A picture track. Width and height are those a viewer sees: rotation and pixel shape are applied.</summary>
/// <param name="StreamIndex">Number of the stream inside the container.</param>
/// <param name="FramesPerSecond">Rate of the frames: the header's where the packets confirm it, otherwise frames per length.</param>
/// <param name="Rotation">Clockwise degrees that the player has to turn the stored picture: 0, 90, 180 or 270.</param>
public sealed record VideoTrack(int StreamIndex, string Codec, int Width, int Height, double FramesPerSecond, int Rotation)
{
    public int ShortSide => Math.Min(Width, Height);

    /// <summary>Where this track ends, in seconds from time 0; null when unknown.</summary>
    public double? EndSeconds { get; init; }

    /// <summary>The rate whose ticks all time stamps lie on, where there is one; 0 when unknown. Differs from the average in tracks of
    /// variable rate.</summary>
    public double TickRate { get; init; }

    /// <summary>FFmpeg's name of the matrix that turns the stored colours into RGB; null when the file does not say.</summary>
    public string? ColorMatrix { get; init; }

    /// <summary>The transfer function of high dynamic range; <see cref="DynamicRange.Standard"/> for all others.</summary>
    public DynamicRange DynamicRange { get; init; }
}

/// <summary>Transfer functions (ITU-R BT.2100) whose pictures are tone-mapped before anything looks at them.</summary>
public enum DynamicRange
{
    Standard,
    /// <summary>Perceptual quantisation, SMPTE ST 2084.</summary>
    Pq,
    /// <summary>Hybrid log-gamma.</summary>
    Hlg,
}

/// <summary>A sound track.</summary>
public sealed record AudioTrack(int StreamIndex, string Codec, int SampleRate, int Channels)
{
    /// <summary>Where this track ends, in seconds from time 0; null when unknown.</summary>
    public double? EndSeconds { get; init; }
}

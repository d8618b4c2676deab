namespace VideoUnderstanding.Media;

/// <summary>The content of a file. Durations, times and frame rates come from the packets, not from the header.</summary>
/// <param name="Container">FFmpeg's demuxer name, for example <c>mov,mp4,m4a,3gp,3g2,mj2</c>.</param>
/// <param name="DurationSeconds">From time 0 of <see cref="Clock"/> to the end of the last frame or sound sample.</param>
/// <param name="SizeBytes">Length of the file.</param>
/// <param name="Video">The default picture track (cover art does not count); null if there is none.</param>
/// <param name="Audio">The sound track that is used; null if there is none.</param>
public sealed record MediaInfo(string Container, double DurationSeconds, long SizeBytes, VideoTrack? Video, AudioTrack? Audio)
{
    /// <summary>Maps timestamps of the file to times of the video.</summary>
    public MediaClock Clock { get; init; } = new();

    /// <summary>All sound tracks that have packets. The default one is first.</summary>
    public IReadOnlyList<AudioTrack> AudioTracks { get; init; } = Audio is null ? [] : [Audio];
}

/// <summary>A picture track. Width and height are as displayed: rotation and pixel shape are applied.</summary>
/// <param name="StreamIndex">Number of the stream inside the container.</param>
/// <param name="FramesPerSecond">The header's rate if the packets confirm it, otherwise frames divided by length.</param>
/// <param name="Rotation">Clockwise degrees by which the player rotates the stored picture: 0, 90, 180 or 270.</param>
public sealed record VideoTrack(int StreamIndex, string Codec, int Width, int Height, double FramesPerSecond, int Rotation)
{
    public int ShortSide => Math.Min(Width, Height);

    /// <summary>End of this track, in seconds from time 0; null if unknown.</summary>
    public double? EndSeconds { get; init; }

    /// <summary>The rate of the grid on which all timestamps lie; 0 if unknown. Differs from the average in tracks of variable
    /// rate.</summary>
    public double TickRate { get; init; }

    /// <summary>FFmpeg's name of the matrix that converts the stored colours to RGB; null if the file does not say.</summary>
    public string? ColorMatrix { get; init; }

    /// <summary>Transfer function; <see cref="DynamicRange.Standard"/> unless it is a high dynamic range.</summary>
    public DynamicRange DynamicRange { get; init; }
}

/// <summary>Transfer functions (ITU-R BT.2100) that are tone-mapped to standard dynamic range.</summary>
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
    /// <summary>End of this track, in seconds from time 0; null if unknown.</summary>
    public double? EndSeconds { get; init; }
}

/// <summary>The file cannot be read as media: broken, empty, cut off, or not media. The message can be shown to the user.</summary>
public sealed class MediaException(string message, Exception? inner = null) : Exception(message, inner);

namespace VideoUnderstanding.Media;

/// <summary>What a container holds, as the file itself tells it.</summary>
/// <param name="Container">FFmpeg's demuxer name, for example <c>mov,mp4,m4a,3gp,3g2,mj2</c>.</param>
/// <param name="DurationSeconds">Length of the longest track in seconds.</param>
/// <param name="SizeBytes">Length of the file.</param>
/// <param name="Video">The first real picture track (cover art does not count); null when there is none.</param>
/// <param name="Audio">The first sound track; null when there is none.</param>
public sealed record MediaInfo(string Container, double DurationSeconds, long SizeBytes, VideoTrack? Video, AudioTrack? Audio);

/// <summary>A picture track. Width and height are those a viewer sees: rotation and pixel shape are applied.</summary>
/// <param name="StreamIndex">Number of the stream inside the container.</param>
/// <param name="FramesPerSecond">Average rate.</param>
/// <param name="Rotation">Clockwise degrees that the player has to turn the stored picture: 0, 90, 180 or 270.</param>
public sealed record VideoTrack(int StreamIndex, string Codec, int Width, int Height, double FramesPerSecond, int Rotation)
{
    public int ShortSide => Math.Min(Width, Height);

    /// <summary>Where this track ends, in seconds from the start of the file; null when unknown.</summary>
    public double? EndSeconds { get; init; }

    /// <summary>The rate whose ticks all time stamps lie on, where there is one; 0 when unknown. Differs from the average in tracks of variable rate.</summary>
    public double TickRate { get; init; }

    /// <summary>FFmpeg's name of the matrix that turns the stored colours into RGB; null when the file does not say.</summary>
    public string? ColorMatrix { get; init; }
}

/// <summary>A sound track.</summary>
public sealed record AudioTrack(int StreamIndex, string Codec, int SampleRate, int Channels)
{
    /// <summary>Where this track ends, in seconds from the start of the file; null when unknown.</summary>
    public double? EndSeconds { get; init; }
}

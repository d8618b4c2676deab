using System.Globalization;
using System.Text;

namespace VideoUnderstanding.Media.Streaming;

/// <summary>How a video is divided into segments for HTTP Live Streaming (RFC 8216). A segment depends only on this plan, so it always has
/// the same content. Times are seconds of the video: 0 is its first picture.</summary>
/// <param name="IsCopied">True if packets are copied; false if pictures and sound are encoded again.</param>
/// <param name="Clock">Maps timestamps of the file to times of the video.</param>
/// <param name="Picture">Number of the picture stream in the file.</param>
/// <param name="Sound">Number of the sound stream in the file; null if there is no sound.</param>
/// <param name="SoundEnd">Time at which the last packet of sound ends; 0 without sound.</param>
/// <param name="FramesPerSecond">Even rate of encoded pictures. Not used for copies.</param>
/// <param name="Segments">In order and without gaps.</param>
public sealed record StreamPlan(
    bool IsCopied, MediaClock Clock, int Picture, int? Sound, double SoundEnd, double FramesPerSecond,
    IReadOnlyList<StreamSegment> Segments)
{
    /// <summary>Seconds added to all timestamps, because MPEG-TS has no negative decoding times.</summary>
    public const double Offset = 10;

    /// <summary>Seconds added to the first segment's length in the playlist. A player that begins with a later segment derives its place in
    /// the playlist from its first timestamp. If that were rounded down, the first key frame of the video would get a negative time, and
    /// browsers would drop all pictures that depend on it.</summary>
    private const double Rounding = 0.003;

    /// <summary>The media playlist. The segments have the relative addresses <c>0.ts</c>, <c>1.ts</c> and so on.</summary>
    public string ToPlaylist()
    {
        var maxSeconds = (int)Math.Ceiling(Segments.Max(segment => segment.Seconds));
        var text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:3\n")
            .Append(CultureInfo.InvariantCulture, $"#EXT-X-TARGETDURATION:{maxSeconds}\n")
            .Append("#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n");
        for (var number = 0; number < Segments.Count; number++)
            text.Append(CultureInfo.InvariantCulture,
                $"#EXTINF:{Segments[number].Seconds + (number == 0 ? Rounding : 0):0.000000},\n{number}.ts\n");
        return text.Append("#EXT-X-ENDLIST\n").ToString();
    }
}

/// <param name="Start">Start of the segment in the playlist.</param>
/// <param name="End">Start of the next segment, or the end of the video.</param>
/// <param name="Key">Timestamp, in the file, of the first key frame of a copied segment.</param>
/// <param name="Cut">Decoding timestamp, in the file, from which packets belong to a copied segment: halfway between the key frame and the
/// packet before it, so that rounding moves no packet. Not used for the first segment.</param>
public readonly record struct StreamSegment(double Start, double End, double Key = 0, double Cut = 0)
{
    public double Seconds => End - Start;
}

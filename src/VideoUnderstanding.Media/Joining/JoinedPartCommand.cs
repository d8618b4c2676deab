using System.Globalization;
using FFMpegCore;

namespace VideoUnderstanding.Media.Joining;

/// <summary>The command that encodes one part of a joined clip as fragmented MP4. Pictures and sound begin at time 0. All parts of a clip
/// have the same header, because it does not depend on the source.</summary>
internal static class JoinedPartCommand
{
    /// <summary>Packets of sound that are encoded before and after the part and dropped, because each packet depends on the one before
    /// it.</summary>
    private const int ExtraPackets = 4;

    /// <summary>Seconds at both ends over which the sound is faded, so that a cut is not heard as a click.</summary>
    private const double Fade = 0.02;

    /// <summary>Seconds before the part at which reading begins. An inexact seek needs more than the usual distance of key
    /// frames.</summary>
    private const double Lead = 1, InexactLead = 10;

    /// <summary>Seconds by which the start of a part may be rounded and still find its own frame.</summary>
    private const double Rounding = 0.001;

    private const int TicksPerSecond = 1_000_000;

    /// <param name="start">Seconds of the video.</param>
    /// <param name="firstFrame">Frame of the clip with which the part begins.</param>
    /// <param name="frames">Frames of the part.</param>
    /// <param name="maySeek">False to read the file from its start.</param>
    public static string[] Arguments(
        InputFile file, MediaInfo info, JoinedFormat format, double start, long firstFrame, int frames, bool maySeek,
        MediaToolOptions options)
        => FFmpegCommand.Build(file, info.Clock, "error", options,
            input =>
            {
                if (maySeek && SeekOf(info, start) is > 0 and var seek)
                    input.WithCustomArgument($"-noaccurate_seek -seek_timestamp 1 -ss {Text(info.Clock.Origin + seek)}");
            },
            output =>
            {
                EncodePictures(output, info, format, start, frames);
                EncodeSound(output, info, format, start, firstFrame, frames);
                output.WithCustomArgument("-map_metadata -1 -movflags +empty_moov+default_base_moof+frag_keyframe+skip_trailer")
                    .ForceFormat("mp4");
            });

    /// <summary>Seconds of the video at which reading may begin; 0 without reliable timestamps.</summary>
    public static double SeekOf(MediaInfo info, double start)
        => info.Clock.Kind != ClockKind.Stamped ? 0
            : Math.Max(0, start - (Containers.SeeksExactly(info.Container) ? Lead : InexactLead));

    private static void EncodePictures(FFMpegOutputOptions output, MediaInfo info, JoinedFormat format, double start, int frames)
        => output
            .WithCustomArgument($"-map 0:{info.Video!.StreamIndex}")
            .WithVideoFilters(filters => filters
                .WithClock(info.Clock.VideoFilter)
                // The last picture is shown until the end of the part.
                .WithCustomFilter("tpad", "stop=-1:stop_mode=clone")
                .WithCustomFilter("settb", $"1/{TicksPerSecond}")
                .WithCustomFilter("setpts", $"PTS-{Math.Round((start + Rounding) * TicksPerSecond):0}")
                // A frame shows the last picture that begins at or before its time, as a player does.
                .WithCustomFilter("fps", $"fps={JoinedFormat.TicksPerSecond}/{format.FrameTicks}:start_time=0:round=up")
                .WithCustomFilter("trim", $"end_frame={frames}")
                .ScaledTo(PictureSize.Inside(info.Video, format.Width, format.Height), info.Video)
                .WithCustomFilter("scale", "out_color_matrix=bt709:out_range=tv")
                .WithCustomFilter("format", "yuv420p")
                .WithCustomFilter("setparams", "range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709")
                .WithCustomFilter("pad", $"{format.Width}:{format.Height}:(ow-iw)/2:(oh-ih)/2"))
            .WithCustomArgument("-c:v libx264 -preset veryfast -crf 23 -maxrate 5M -bufsize 10M -profile:v high -level:v 4 -bf 0 "
                + $"-g {(int)Math.Round(2.0 * JoinedFormat.TicksPerSecond / format.FrameTicks)} "
                // Otherwise the header has the property of the source.
                + $"-bsf:v h264_metadata=chroma_sample_loc_type=0 -video_track_timescale {JoinedFormat.TicksPerSecond}");

    /// <summary>The packets of sound of all parts lie on one grid of the clip. A packet belongs to the part in which it begins.</summary>
    private static void EncodeSound(
        FFMpegOutputOptions output, MediaInfo info, JoinedFormat format, double start, long firstFrame, int frames)
    {
        var (first, last) = (format.PacketAt(firstFrame), format.PacketAt(firstFrame + frames));
        var count = last - first;
        // Seconds from the start of the part to its first packet.
        var delay = (double)first * JoinedFormat.PacketSamples / JoinedFormat.SampleRate
            - (double)firstFrame * format.FrameTicks / JoinedFormat.TicksPerSecond;
        var range = $"first_pts={-ExtraPackets * JoinedFormat.PacketSamples}";
        var fadeOut = Math.Max(0, (double)frames * format.FrameTicks / JoinedFormat.TicksPerSecond - delay - Fade);
        var end = $"atrim=end_pts={(count + ExtraPackets) * JoinedFormat.PacketSamples}";
        if (info.Audio is { } track && start < (track.EndSeconds ?? info.DurationSeconds))
            output.WithCustomArgument($"-map 0:{track.StreamIndex}").WithCustomArgument(
                $"-af {info.Clock.AudioFilter},asetpts=PTS-({Text(start + delay)})/TB,"
                // Twice, because the start is counted in samples of the filter's input.
                + $"aresample={JoinedFormat.SampleRate}:async=1,aresample={JoinedFormat.SampleRate}:async=1:{range},"
                + $"aformat=channel_layouts=stereo,apad,{end},afade=t=in:st=0:d={Text(Fade)},"
                + $"afade=t=out:st={Text(fadeOut)}:d={Text(Fade)}");
        else
            output.WithCustomArgument($"-filter_complex anullsrc=r={JoinedFormat.SampleRate}:cl=stereo,"
                + $"asetpts=PTS-{ExtraPackets * JoinedFormat.PacketSamples},{end}[silence] -map [silence]");
        // The encoder's first packet is its delay.
        output.WithCustomArgument("-c:a aac -b:a 128k -ac 2 "
            + $"-bsf:a noise=drop=lt(n\\,{ExtraPackets + 1})+gte(n\\,{ExtraPackets + 1 + count})");
    }

    private static string Text(double number) => number.ToString("0.######", CultureInfo.InvariantCulture);
}

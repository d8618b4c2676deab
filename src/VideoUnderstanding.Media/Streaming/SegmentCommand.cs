using System.Globalization;
using FFMpegCore;

namespace VideoUnderstanding.Media.Streaming;

/// <summary>The commands that write one segment as MPEG-TS. FFmpeg reads the file on the clock of the plan, so a segment does not depend on
/// where reading began. Output times begin with <see cref="StreamPlan.Offset"/>.</summary>
internal static class SegmentCommand
{
    private const int SampleRate = 48_000;

    private const int TicksPerSecond = 1_000_000;

    /// <summary>Samples per AAC packet.</summary>
    private const int PacketSamples = 1024;

    /// <summary>Packets of sound that are encoded before and after the segment and dropped. Each packet depends on the one before it, so
    /// neighbouring segments then fit without a click.</summary>
    private const int ExtraPackets = 4;

    /// <summary>Seconds before the segment at which reading begins, so that its first sound is read too.</summary>
    private const double Lead = 1;

    public static string[] Arguments(
        InputFile file, VideoTrack track, StreamPlan plan, int number, int maxLongSide, MediaToolOptions options)
    {
        var segment = plan.Segments[number];
        return FFmpegCommand.Build(file, plan.Clock, "error", options,
            input =>
            {
                // Some formats start later if they seek to their start. Without reliable timestamps everything before the segment is read.
                if (number > 0 && plan.Clock.Kind == ClockKind.Stamped && segment.Start - Lead is > 0 and var seek)
                    input.WithCustomArgument($"-noaccurate_seek -seek_timestamp 1 -ss {Text(plan.Clock.Origin + seek)}");
            },
            output =>
            {
                output.WithCustomArgument($"-map 0:{plan.Picture}");
                if (plan.IsCopied)
                    Copy(output, plan, number);
                else
                    Encode(output, plan, segment, PictureSize.Fit(track, maxLongSide), track);
                output.WithCustomArgument("-avoid_negative_ts disabled -muxdelay 0 -muxpreload 0").ForceFormat("mpegts");
            });
    }

    /// <summary>FFmpeg starts with the first key frame after the cut, ends at the first packet whose decoding time is after the next cut,
    /// and subtracts the cut from the times. The first segment has no cut, because its first decoding times may be negative.</summary>
    private static void Copy(FFMpegOutputOptions output, StreamPlan plan, int number)
    {
        var cut = number == 0 ? 0 : Math.Round(plan.Segments[number].Cut, 6);
        if (plan.Sound is { } sound)
            output.WithCustomArgument($"-map 0:{sound}");
        output.WithCustomArgument("-c copy");
        if (number > 0)
            output.WithCustomArgument($"-ss {Text(cut)}");
        if (number + 1 < plan.Segments.Count)
            output.WithCustomArgument($"-to {Text(plan.Segments[number + 1].Cut)}");
        output.WithCustomArgument($"-output_ts_offset {Text(cut - plan.Clock.Origin + StreamPlan.Offset)}");
    }

    private static void Encode(
        FFMpegOutputOptions output, StreamPlan plan, StreamSegment segment, PictureSize size, VideoTrack track)
    {
        var rate = plan.FramesPerSecond;
        output
            .WithVideoFilters(filters => filters
                .WithClock(plan.Clock.VideoFilter)
                // The last picture is shown until the end of the segment.
                .WithCustomFilter("tpad", "stop=-1:stop_mode=clone")
                .WithCustomFilter("settb", $"1/{TicksPerSecond}")
                .WithCustomFilter("setpts", $"PTS-{Math.Round(segment.Start * TicksPerSecond):0}")
                .WithCustomFilter("fps", $"fps={Text(rate)}:start_time=0")
                .WithCustomFilter("trim", $"end={Text(segment.Seconds - 0.5 / rate)}")
                // The unit is one picture, because one tick is one picture after the filter fps.
                .WithCustomFilter("setpts", $"PTS+{Math.Round(segment.Start * rate):0}")
                .ScaledTo(size, track)
                .WithCustomFilter("format", "yuv420p"))
            .WithCustomArgument("-c:v libx264 -preset veryfast -crf 23 -maxrate 5M -bufsize 10M -profile:v high -bf 0 "
                + $"-g {(int)Math.Round(2 * rate)} -output_ts_offset {StreamPlan.Offset}");
        if (plan.Sound is { } sound && segment.Start < plan.SoundEnd)
            EncodeSound(output, sound, plan, segment);
    }

    /// <summary>The sound packets of all segments lie on one grid. A packet belongs to the segment in which it begins.</summary>
    private static void EncodeSound(FFMpegOutputOptions output, int sound, StreamPlan plan, StreamSegment segment)
    {
        var (first, last) = (PacketAt(segment.Start), PacketAt(segment.End));
        output.WithCustomArgument($"-map 0:{sound}")
            // Twice, because the start is counted in samples of the filter's input.
            .WithCustomArgument($"-af {plan.Clock.AudioFilter},aresample={SampleRate}:async=1,"
                + $"aresample={SampleRate}:async=1:first_pts={(first - ExtraPackets) * PacketSamples},"
                + $"apad,atrim=end_pts={(last + ExtraPackets) * PacketSamples}")
            // The encoder's first packet is its delay.
            .WithCustomArgument($"-c:a aac -b:a 128k -ac 2 "
                + $"-bsf:a noise=drop=lt(n\\,{ExtraPackets + 1})+gte(n\\,{ExtraPackets + 1 + last - first})");

        long PacketAt(double time) => (long)Math.Ceiling(time * SampleRate / PacketSamples - 1e-6);
    }

    private static string Text(double number) => number.ToString("0.######", CultureInfo.InvariantCulture);
}

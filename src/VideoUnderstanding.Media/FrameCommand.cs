using System.Globalization;
using FFMpegCore.Enums;

namespace VideoUnderstanding.Media;

/// <summary>The command that decodes a picture track once and writes selected pictures as raw RGB. It writes the time and scene score of
/// each picture to standard error before the picture.</summary>
internal static class FrameCommand
{
    /// <summary>Seconds. Shorter shots are flashes; a strobe light would otherwise select every picture.</summary>
    public const double MinShotSeconds = 0.2;

    /// <summary>Unit of timestamps on standard error: ticks per second.</summary>
    public const int TicksPerSecond = 1_000_000;

    private const double MaxTickRate = 60;

    private const double MinTickRate = 10;
    private const double DefaultTickRate = 30;

    public static string[] Arguments(
        InputFile file, VideoTrack track, MediaClock clock, FrameSampling sampling, PictureSize size, MediaToolOptions options)
        => FFmpegCommand.Build(file, clock, "warning", options, _ => { }, output => output
            .WithCustomArgument($"-map 0:{track.StreamIndex}")
            .DisableAudio().DisableSubtitles().DisableData()
            .WithVideoFilters(filters => filters
                .WithClock(clock.VideoFilter)
                // Fills gaps: in a recording of slides, the picture shown at a second may be much older.
                .WithCustomFilter("fps", Text(TickRate(track, sampling)))
                .WithCustomFilter("select", Selection(sampling))
                .ScaledTo(size, track)
                .WithCustomFilter("format", "rgb24")
                .WithCustomFilter("settb", $"1/{TicksPerSecond}")
                .WithCustomFilter("metadata", @"mode=print:key=lavfi.scene_score:file=pipe\\:2:direct=1"))
            .WithFpsMode(FpsMode.Passthrough)
            .ForceFormat("rawvideo"));

    /// <summary>The constant rate before selection, at most 60 per second: the track's own, or a multiple of it that is at least 10, so
    /// that changes keep their times and the middle of every sampling interval has a tick.</summary>
    internal static double TickRate(VideoTrack track, FrameSampling sampling)
    {
        var rate = track.TickRate > 0 ? track.TickRate : track.FramesPerSecond;
        var min = Math.Max(MinTickRate, 2 * sampling.FramesPerSecond);
        return rate > 0 ? Math.Min(rate * Math.Max(1, Math.Ceiling(min / rate)), MaxTickRate) : DefaultTickRate;
    }

    /// <summary>An FFmpeg expression that is true for the first picture, for the first one at or after each (k + 0.5) / FramesPerSecond,
    /// and for a picture whose difference to the previous one exceeds the threshold at least <see cref="MinShotSeconds"/> after the last
    /// such picture. Register 0 holds that one's time plus 1; 0 means none yet.</summary>
    private static string Selection(FrameSampling sampling)
    {
        var rate = Text(sampling.FramesPerSecond);
        var tick = $"gt(floor(t*{rate}+0.5001),floor(prev_t*{rate}+0.5001))";
        var cut = $"gt(scene,{Text(sampling.ShotThreshold)})*gte(t+1-ld(0),{Text(MinShotSeconds)})";
        // Nothing is shown before time 0.
        return $"if(lt(t,0),0,if(eq(n,0),1,if({cut},st(0,t+1),{tick})))";
    }

    private static string Text(double number) => number.ToString("0.##########", CultureInfo.InvariantCulture);
}

using System.Globalization;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media;

/// <summary>Writes one picture of a video as JPEG.</summary>
public sealed class ThumbnailWriter(MediaProbe probe, IOptions<MediaToolOptions> options)
{
    // Seconds before the target at which an inexact seek aims: more than the usual distance of key frames.
    private const double SeekMarginSeconds = 10;

    // Seconds. Corrected timestamps are known only when reading from the start. Copying the packets of this many seconds before the target
    // is much faster than decoding everything before it; key frames are rarely farther apart.
    private const double CutSeconds = 30;

    // Seconds after the target: more than a decoder reorders.
    private const double SecondsAfterTarget = 2;

    // A frame's own time, rounded to microseconds, must find that frame and not the one before.
    private const double Rounding = 0.001;

    // JPEG scale of FFmpeg, 2 (best) to 31.
    private const int Quality = 3;

    private readonly MediaToolOptions _options = options.Value;

    /// <summary>Writes the frame shown at <paramref name="time"/> seconds (frame-exact), upright, at most <paramref name="maxLongSide"/>
    /// pixels long. Times past the end give the last frame, times before the first the first. The file appears complete or not at
    /// all.</summary>
    /// <exception cref="MediaException">There is no picture track, or no picture could be decoded.</exception>
    /// <exception cref="ToolException">ffmpeg is missing or was killed.</exception>
    public async Task WriteAsync(string path, double time, string destination, int maxLongSide, CancellationToken cancellationToken)
    {
        var info = await probe.ReadClockAsync(path, cancellationToken).ConfigureAwait(false);
        var (file, track) = (info.Clock.Open(path), info.Video ?? throw new MediaException("The file has no picture track."));
        var target = double.IsFinite(time) ? Math.Max(time, 0) : 0;
        var jpeg = info.Clock.Kind == ClockKind.Corrected && target > CutSeconds
            ? await ReadFromCutAsync(file, track, info.Clock, target, maxLongSide, destination, cancellationToken).ConfigureAwait(false)
            : [];
        var seek = info.Clock.Kind != ClockKind.Stamped ? 0
            : Containers.SeeksExactly(info.Container) ? target : Math.Max(0, target - SeekMarginSeconds);
        if (jpeg.Length == 0)
            jpeg = await ReadAsync(file, track, info.Clock, seek, target, maxLongSide, cancellationToken).ConfigureAwait(false);
        if (jpeg.Length == 0 && seek > 0)
            // The seek ended after the last picture: a damaged or missing index, or a track that ends early.
            jpeg = await ReadAsync(file, track, info.Clock, 0, target, maxLongSide, cancellationToken).ConfigureAwait(false);
        if (jpeg.Length == 0)
            throw new MediaException("No picture of the video could be decoded.");
        await WriteWholeAsync(jpeg, destination, cancellationToken).ConfigureAwait(false);
    }

    internal static string[] Arguments(
        InputFile file, VideoTrack track, MediaClock clock, double seek, double target, int maxLongSide, MediaToolOptions options)
        => FFmpegCommand.Build(file, clock, "error", options,
            // Inexact seek: decoding begins at the previous key frame and nothing is dropped, so the frame shown at the target is included.
            // The seek uses the file's own timestamps.
            input =>
            {
                if (seek > 0)
                    input.WithCustomArgument($"-noaccurate_seek -seek_timestamp 1 -ss {Text(clock.Origin + seek)}");
            },
            output => output
                .WithCustomArgument($"-map 0:{track.StreamIndex}")
                .DisableAudio().DisableSubtitles().DisableData()
                .WithVideoFilters(filters => filters
                    .WithClock(clock.VideoFilter)
                    // The last frame is repeated without end.
                    .WithCustomFilter("tpad", "stop=-1:stop_mode=clone")
                    // The next filter rounds its start to the track's ticks, which may be as long as a picture.
                    .WithCustomFilter("settb", "1/1000000")
                    // The first picture of this filter is the last one that begins at most Rounding after the target.
                    .WithCustomFilter("fps", $"fps=1000:start_time={Text(target + Rounding)}:round=up")
                    // Ends the filters before it. Without it they repeat a picture a thousand times for each second in which it is shown,
                    // and all of these pictures are scaled before the limit of the output ends the command.
                    .WithCustomFilter("trim", "end_frame=1")
                    .ScaledTo(PictureSize.Fit(track, maxLongSide), track)
                    .WithCustomFilter("format", "yuvj420p"))
                .WithFrameCount(1)
                .WithVideoCodec("mjpeg").WithVideoQualityScale(Quality)
                .ForceFormat("mjpeg"));

    /// <summary>Copies the packets of a track from some seconds before a time to some after it, with timestamps from 0.</summary>
    internal static string[] CutArguments(InputFile file, VideoTrack track, MediaClock clock, double from, MediaToolOptions options)
    {
        string[] range = ["-ss", Text(clock.Origin + from), "-t", Text(CutSeconds + SecondsAfterTarget)];
        return ["-nostdin", "-hide_banner", "-nostats", "-v", "error", .. FFmpegCommand.InputSafety(file, options),
            "-i", FFmpegCommand.InputName(file.Path), "-map", $"0:{track.StreamIndex}", "-c", "copy", .. range, "-f", "nut", "pipe:1",
            .. clock.TimestampStreams[..^1], .. range, "-"];
    }

    /// <summary>Returns an empty array if there is no key frame in the seconds before.</summary>
    private async Task<byte[]> ReadFromCutAsync(InputFile file, VideoTrack track, MediaClock clock, double target, int maxLongSide,
        string destination, CancellationToken cancellationToken)
    {
        var from = target - CutSeconds;
        var cut = new InputFile(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(destination))!, $".{Guid.NewGuid():N}.tmp"), "nut");
        try
        {
            var packets = await ToolProcess.RunAsync(_options.FFmpegPath, CutArguments(file, track, clock, from, _options),
                _options.DecodeLimits(0), cancellationToken).ConfigureAwait(false);
            Directory.CreateDirectory(Path.GetDirectoryName(cut.Path)!);
            await File.WriteAllBytesAsync(cut.Path, packets.Bytes, cancellationToken).ConfigureAwait(false);
            return await ReadAsync(cut, track with { StreamIndex = 0 }, new MediaClock { Origin = -from }, 0, target, maxLongSide,
                cancellationToken).ConfigureAwait(false);
        }
        catch (ToolException exception) when (exception.Failure is ToolFailure.Failed or ToolFailure.TooMuchOutput)
        {
            return [];
        }
        finally
        {
            File.Delete(cut.Path);
        }
    }

    private async Task<byte[]> ReadAsync(
        InputFile file, VideoTrack track, MediaClock clock, double seek, double target, int maxLongSide,
        CancellationToken cancellationToken)
    {
        try
        {
            var arguments = Arguments(file, track, clock, seek, target, maxLongSide, _options);
            return (await ToolProcess.RunAsync(_options.FFmpegPath, arguments, _options.DecodeLimits(0), cancellationToken)
                .ConfigureAwait(false)).Bytes;
        }
        catch (ToolException exception) when (exception is { Failure: ToolFailure.Failed, ExitCode: { } code })
        {
            DecoderExit.Check(code, exception.ErrorTail);
            return [];
        }
        catch (ToolException exception) when (exception.Failure is ToolFailure.TimedOut or ToolFailure.TooMuchOutput)
        {
            throw new MediaException("Decoding the picture took far too long.", exception);
        }
    }

    private static async Task WriteWholeAsync(byte[] content, string destination, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(destination))!;
        Directory.CreateDirectory(folder);
        var unfinished = Path.Combine(folder, $".{Path.GetFileName(destination)}.{Guid.NewGuid():N}.tmp");
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous,
            };
            // Only the server's user may read pictures of a video.
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using (var file = new FileStream(unfinished, options))
                await file.WriteAsync(content, cancellationToken).ConfigureAwait(false);
            File.Move(unfinished, destination, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static string Text(double seconds) => seconds.ToString("0.######", CultureInfo.InvariantCulture);
}

using System.Globalization;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media;

/// <summary>Writes one picture of a video as JPEG.</summary>
public sealed class ThumbnailWriter(MediaProbe probe, IOptions<MediaToolOptions> options)
{
    // Where a seek may land late it aims this much earlier, which is more than key frames are usually apart.
    private const double Backoff = 10;

    // A frame's own time, rounded to microseconds, must find that frame and not the one before.
    private const double Rounding = 0.001;

    // JPEG scale of FFmpeg, 2 (best) to 31.
    private const int Quality = 3;

    private readonly MediaToolOptions _options = options.Value;

    /// <summary>
    /// The frame shown at <paramref name="time"/> seconds (frame-exact), upright, at most <paramref name="maxLongSide"/> pixels long; past the end, the last
    /// frame; before the first, the first. The file appears whole or not at all.
    /// </summary>
    /// <exception cref="MediaException">There is no picture track, or none of its pictures could be decoded.</exception>
    /// <exception cref="ToolException">ffmpeg is missing or was killed.</exception>
    public async Task WriteAsync(string path, double time, string destination, int maxLongSide, CancellationToken cancellationToken)
    {
        var file = InputFile.Sniff(path);
        var info = (await probe.ReadHeaderAsync(file, cancellationToken).ConfigureAwait(false)).Info;
        var track = info.Video ?? throw new MediaException("The file has no picture track.");
        var end = info.DurationSeconds > 0 ? info.DurationSeconds : double.MaxValue;
        var wanted = double.IsFinite(time) ? Math.Clamp(time, 0, end) : 0;
        var seek = Containers.SeeksExactly(info.Container) ? wanted : Math.Max(0, wanted - Backoff);
        var jpeg = await ReadAsync(file, track, seek, wanted, maxLongSide, cancellationToken).ConfigureAwait(false);
        if (jpeg.Length == 0 && seek > 0)
            // The seek led behind the last picture: a damaged or missing index, or a track that ends early.
            jpeg = await ReadAsync(file, track, 0, wanted, maxLongSide, cancellationToken).ConfigureAwait(false);
        if (jpeg.Length == 0)
            throw new MediaException("No picture of the video could be decoded.");
        await WriteWholeAsync(jpeg, destination, cancellationToken).ConfigureAwait(false);
    }

    internal static string[] Arguments(InputFile file, VideoTrack track, double seek, double wanted, int maxLongSide, MediaToolOptions options)
        => FFmpegCommand.Build(file, "error", options,
            // Not accurate: decoding begins at the key frame before, and nothing is dropped, so the frame that is shown before the sought time is there.
            input => input.WithCustomArgument($"-noaccurate_seek -ss {Text(seek)}"),
            output => output
                .WithCustomArgument($"-map 0:{track.StreamIndex}")
                .DisableAudio().DisableSubtitles().DisableData()
                .WithVideoFilters(filters => filters
                    // The last frame stands for ever.
                    .WithCustomFilter("tpad", "stop=-1:stop_mode=clone")
                    // The next filter rounds its start to the track's ticks, which may be as long as a picture.
                    .WithCustomFilter("settb", "1/1000000")
                    // The first picture that this gives is the last one that begins at most Rounding after the wanted time.
                    .WithCustomFilter("fps", $"fps=1000:start_time={Text(wanted - seek + Rounding)}:round=up")
                    .ScaledTo(PictureSize.Fit(track, maxLongSide), track)
                    .WithCustomFilter("format", "yuvj420p"))
                .WithFrameCount(1)
                .WithVideoCodec("mjpeg").WithVideoQualityScale(Quality)
                .ForceFormat("mjpeg"));

    private async Task<byte[]> ReadAsync(InputFile file, VideoTrack track, double seek, double wanted, int maxLongSide, CancellationToken cancellationToken)
    {
        try
        {
            var arguments = Arguments(file, track, seek, wanted, maxLongSide, _options);
            return (await ToolProcess.RunAsync(_options.FFmpegPath, arguments, _options.DecodeLimits(0), cancellationToken).ConfigureAwait(false)).Bytes;
        }
        catch (ToolException exception) when (exception is { Failure: ToolFailure.Failed, ExitCode: { } code })
        {
            DecoderEnd.Check(code, exception.ErrorTail);
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
            await File.WriteAllBytesAsync(unfinished, content, cancellationToken).ConfigureAwait(false);
            File.Move(unfinished, destination, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static string Text(double seconds) => seconds.ToString("0.######", CultureInfo.InvariantCulture);
}

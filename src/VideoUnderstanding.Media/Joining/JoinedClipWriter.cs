using Microsoft.Extensions.Options;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media.Joining;

/// <summary>Encodes parts of videos and appends them to a <see cref="JoinedClip"/>, one process after the other.</summary>
public sealed class JoinedClipWriter(MediaProbe probe, IOptions<MediaToolOptions> options)
{
    /// <summary>Limits of a part: seconds of waiting for FFmpeg and of its processor time, and additional ones for each second of the
    /// part.</summary>
    private const double BaseSeconds = 120, WaitFactor = 5, ProcessorFactor = 10;

    private readonly MediaToolOptions _options = options.Value;

    /// <summary>Appends a part. The first and the last frame are exact. Before the first frame of a part is encoded, nothing of it is
    /// written.</summary>
    /// <param name="start">Seconds of the video; less than its duration.</param>
    /// <param name="seconds">Length of the part.</param>
    /// <exception cref="MediaException">The video cannot be read at this place, or encoding took too long.</exception>
    /// <exception cref="ToolException">FFmpeg is missing or was stopped.</exception>
    public async Task AppendAsync(JoinedClip clip, string path, double start, double seconds, CancellationToken cancellationToken)
    {
        var info = await probe.ReadClockAsync(path, cancellationToken).ConfigureAwait(false);
        if (info.Video is null)
            throw new MediaException("The file has no picture track.");
        var frames = clip.Format.FramesIn(seconds);
        var count = await EncodeAsync(clip, path, info, start, frames, maySeek: true, cancellationToken).ConfigureAwait(false);
        if (count == 0 && JoinedPartCommand.SeekOf(info, start) > 0)
            // The seek ended after the last picture: a damaged or missing index, or a track that ends early.
            count = await EncodeAsync(clip, path, info, start, frames, maySeek: false, cancellationToken).ConfigureAwait(false);
        if (count != frames)
            throw new MediaException("The part of the video could not be read.");
        clip.Frames += frames;
    }

    /// <returns>The number of frames.</returns>
    private async Task<int> EncodeAsync(
        JoinedClip clip, string path, MediaInfo info, double start, int frames, bool maySeek, CancellationToken cancellationToken)
    {
        var format = clip.Format;
        var command = new ToolCommand(_options.FFmpegPath, JoinedPartCommand.Arguments(
            info.Clock.Open(path), info, format, start, clip.Frames, frames, maySeek, _options));
        await using var tool = ToolProcess.Start(command, LimitsOf((double)frames * format.FrameTicks / JoinedFormat.TicksPerSecond));
        try
        {
            var count = await clip.Joiner.AppendAsync(tool.Output,
                [clip.Frames * format.FrameTicks, format.PacketAt(clip.Frames) * JoinedFormat.PacketSamples], cancellationToken)
                .ConfigureAwait(false);
            if (count > 0)
                DecoderExit.Check(await tool.WaitForExitAsync(cancellationToken).ConfigureAwait(false), tool.ErrorTail);
            return count;
        }
        catch (ToolException exception) when (exception.Failure == ToolFailure.TimedOut)
        {
            throw new MediaException("Encoding the part of the video took too long.", exception);
        }
    }

    private ToolLimits LimitsOf(double seconds)
    {
        var limits = _options.DecodeLimits(0);
        return limits with
        {
            Time = TimeSpan.FromSeconds(BaseSeconds + WaitFactor * seconds),
            Sandbox = limits.Sandbox is { } sandbox
                ? sandbox with { CpuTime = TimeSpan.FromSeconds(BaseSeconds + ProcessorFactor * seconds) }
                : null,
        };
    }
}

using Microsoft.Extensions.Options;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media.Streaming;

/// <summary>Writes segments of a <see cref="StreamPlan"/>.</summary>
public sealed class SegmentWriter(MediaProbe probe, IOptions<MediaToolOptions> options)
{
    /// <summary>Maximum bytes of a segment: 20 seconds of more than 100 Mbit/s.</summary>
    internal const long MaxBytes = 256L << 20;

    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(2);

    private readonly MediaToolOptions _options = options.Value;

    /// <param name="destination">A file that does not exist yet. After a failure it may be incomplete.</param>
    /// <exception cref="MediaException">The video cannot be read at this place.</exception>
    /// <exception cref="ToolException">FFmpeg is missing or was stopped.</exception>
    public async Task WriteAsync(
        string path, StreamPlan plan, int number, int maxLongSide, string destination, CancellationToken cancellationToken)
    {
        var track = (await probe.ReadClockAsync(path, cancellationToken).ConfigureAwait(false)).Video
            ?? throw new MediaException("The file has no picture track.");
        var command = new ToolCommand(_options.FFmpegPath,
            SegmentCommand.Arguments(plan.Clock.Open(path), track, plan, number, maxLongSide, _options));
        await using var tool = ToolProcess.Start(command, _options.DecodeLimits(0) with { Time = MaxTime });
        try
        {
            var size = await CopyAsync(tool.Output, destination, cancellationToken).ConfigureAwait(false);
            DecoderExit.Check(await tool.WaitForExitAsync(cancellationToken).ConfigureAwait(false), tool.ErrorTail);
            if (size == 0)
                throw new MediaException($"The part of the video could not be read{ToolMessages.Reason(tool.ErrorTail)}.");
        }
        catch (ToolException exception) when (exception.Failure == ToolFailure.TimedOut)
        {
            throw new MediaException("Preparing the part of the video took too long.", exception);
        }
    }

    private static async Task<long> CopyAsync(Stream output, string destination, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(destination, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0,
            useAsync: true);
        var block = new byte[128 << 10];
        var size = 0L;
        while (await output.ReadAsync(block, cancellationToken).ConfigureAwait(false) is var count and > 0)
        {
            if ((size += count) > MaxBytes)
                throw new MediaException("The part of the video is too large for playing.");
            await file.WriteAsync(block.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }
        return size;
    }
}

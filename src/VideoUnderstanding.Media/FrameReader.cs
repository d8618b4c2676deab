using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media;

/// <summary>Decodes the picture track once and yields pictures at a fixed rate, plus the first picture of every shot.</summary>
public sealed partial class FrameReader(IOptions<MediaToolOptions> options, ILogger<FrameReader> logger)
{
    // Maximum decoded frames in the queue.
    private const int FramesAhead = 3;

    private static readonly TimeSpan MarkTimeout = TimeSpan.FromSeconds(30);

    private readonly MediaToolOptions _options = options.Value;

    /// <summary>Yields frames in order of time; at most a few are in memory. They are upright (rotation applied), have square pixels, even
    /// sides and a constant size. A sampled frame is the one shown in the middle of an interval of 1 / FramesPerSecond seconds. If nothing
    /// changes, the same picture is repeated. The first picture of a shot is yielded only if its interval has no sampled frame after it,
    /// because it is often blurred or black.</summary>
    /// <exception cref="MediaException">Nothing could be decoded, or, after the decodable frames, too much of the track was damaged or
    /// missing.</exception>
    /// <exception cref="ToolException">ffmpeg is missing or was killed.</exception>
    public async IAsyncEnumerable<Frame> ReadAsync(
        string path, MediaInfo info, FrameSampling sampling, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var track = info.Video ?? throw new MediaException("The file has no picture track.");
        var ahead = Channel.CreateBounded<Frame>(new BoundedChannelOptions(FramesAhead) { SingleReader = true, SingleWriter = true });
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var decoding = DecodeAsync(path, info, track, sampling, ahead.Writer, stopping.Token);
        try
        {
            await foreach (var frame in ahead.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return frame;
            await decoding.ConfigureAwait(false);
        }
        finally
        {
            // Also if the caller stops early: no decoder may keep running.
            await stopping.CancelAsync().ConfigureAwait(false);
            await decoding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task DecodeAsync(string path, MediaInfo info, VideoTrack track, FrameSampling sampling, ChannelWriter<Frame> frames,
        CancellationToken cancellationToken)
    {
        try
        {
            var size = PictureSize.Fit(track, sampling.MaxLongSide);
            var messages = new FrameMessages();
            var command = new ToolCommand(_options.FFmpegPath,
                FrameCommand.Arguments(info.Clock.Open(path), track, info.Clock, sampling, size, _options));
            await using var tool = ToolProcess.Start(command, _options.DecodeLimits(info.DurationSeconds), messages.Take);
            var end = await CopyAsync(tool, messages, size, sampling, MaxFrames(info.DurationSeconds, sampling), frames,
                cancellationToken).ConfigureAwait(false);
            var code = await tool.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            CheckResult(track, end, messages.Damaged, code, tool.ErrorTail);
        }
        catch (Exception exception) when (exception is ToolException { Failure: ToolFailure.TimedOut } or TimeoutException)
        {
            throw new MediaException("Decoding the pictures took far longer than a video of this length may take.", exception);
        }
        finally
        {
            frames.TryComplete();
        }
    }

    /// <summary>Copies frames to the channel. Returns the end time of the last one in seconds; null if there was none.</summary>
    private static async Task<double?> CopyAsync(ToolProcess tool, FrameMessages messages, PictureSize size, FrameSampling sampling,
        double maxFrames, ChannelWriter<Frame> frames, CancellationToken cancellationToken)
    {
        Frame? last = null;
        var selector = new FrameSelector(sampling);
        for (var count = 0; ; count++)
        {
            var pixels = new byte[size.Bytes];
            if (await tool.Output.ReadAtLeastAsync(pixels, pixels.Length, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false) < pixels.Length)
                break;
            if (count > maxFrames)
                throw new MediaException("The video is broken: it has far more pictures than its duration allows.");
            // The mark is written before the picture. The timeout guards against a picture without a mark.
            var mark = await messages.Marks.ReadAsync(cancellationToken).AsTask().WaitAsync(MarkTimeout, cancellationToken)
                .ConfigureAwait(false);
            last = new Frame(mark.Time, last is null || mark.Score > sampling.ShotThreshold, size.Width, size.Height, pixels);
            foreach (var frame in selector.Next(last))
                await frames.WriteAsync(frame, cancellationToken).ConfigureAwait(false);
        }
        if (selector.Pending is { } pending)
            await frames.WriteAsync(pending, cancellationToken).ConfigureAwait(false);
        return last?.Time + 1 / sampling.FramesPerSecond;
    }

    // Twice the number according to the packets, so that a decoder that never ends fails the task.
    private static double MaxFrames(double duration, FrameSampling sampling)
        => 2 * (duration + 30) * (sampling.FramesPerSecond + 1 / FrameCommand.MinShotSeconds);

    private void CheckResult(VideoTrack track, double? end, int damaged, int exitCode, string errorTail)
    {
        DecoderExit.Check(exitCode, errorTail);
        if (end is not { } decoded)
            throw new MediaException($"No picture of the video could be decoded{ToolMessages.Reason(errorTail)}.");
        if (track.EndSeconds is { } declared && Completeness.TooMuchMissing(declared, decoded, _options.MaxDamagedShare))
            throw new MediaException(
                FormattableString.Invariant(
                    $"The video is cut off or broken: it should last {declared:0.0} s, but its pictures end at {decoded:0.0} s."));
        var expected = Math.Max(1, decoded * track.FramesPerSecond);
        if (damaged > expected * _options.MaxDamagedShare)
            throw new MediaException(
                FormattableString.Invariant(
                    $"The video is broken: {damaged} of about {expected:0} pictures are damaged{ToolMessages.Reason(errorTail)}."));
        if (exitCode != 0)
            throw new MediaException($"The video could not be decoded to its end{ToolMessages.Reason(errorTail)}.");
        if (damaged > 0)
            LogDamageTolerated(logger, damaged, (int)expected);
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Damaged} of about {Expected} pictures are damaged; the video is used nevertheless")]
    private static partial void LogDamageTolerated(ILogger logger, int damaged, int expected);
}

/// <summary>Selects one frame for each interval, or for each part of an interval that contains a cut.</summary>
internal sealed class FrameSelector(FrameSampling sampling)
{
    private bool _begun;

    /// <summary>The first frame of a shot, until it is known whether a sampled one follows in its interval.</summary>
    public Frame? Pending { get; private set; }

    /// <returns>The frames that are decided now.</returns>
    public IEnumerable<Frame> Next(Frame frame)
    {
        var (pending, start) = (Pending, Math.Floor(frame.Time * sampling.FramesPerSecond + 0.0001) / sampling.FramesPerSecond);
        Pending = !frame.StartsShot ? null : _begun ? frame : frame with { Start = start };
        _begun = true;
        return (pending, frame.StartsShot) switch
        {
            (null, true) => [],
            ({ } first, true) => [first],
            ({ } first, false) when first.Time >= start => [frame with { StartsShot = true, Start = first.Start }],
            ({ } first, false) => [first, frame with { Start = start }],
            (null, false) => [frame with { Start = start }],
        };
    }
}

/// <summary>How pictures are sampled from a video.</summary>
/// <param name="FramesPerSecond">Sampling rate, 0.1 to 10.</param>
/// <param name="ShotThreshold">Scene change score, 0 to 1, above which a picture starts a new shot.</param>
/// <param name="MaxLongSide">Pictures larger than this many pixels are scaled down, never up.</param>
public sealed record FrameSampling(double FramesPerSecond, double ShotThreshold, int MaxLongSide);

/// <summary>One decoded picture: RGB, 8 bits per channel, rows from the top, without padding.</summary>
/// <param name="Time">Seconds from the start of the video at which the picture is shown.</param>
/// <param name="StartsShot">True for the first picture, and for the first one after a cut or the one that represents it.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Rgb"><paramref name="Width"/> * <paramref name="Height"/> * 3 bytes.</param>
public sealed record Frame(double Time, bool StartsShot, int Width, int Height, byte[] Rgb)
{
    /// <summary>Seconds from which the picture represents the video, until the start of the next one: the start of its sampling interval,
    /// or the cut in that interval.</summary>
    public double Start { get; init; } = Time;
}

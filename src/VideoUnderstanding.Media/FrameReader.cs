using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media;

/// <summary>Decodes the picture track once and yields a steady sample of it, plus the first picture of every shot.</summary>
public sealed partial class FrameReader(IOptions<MediaToolOptions> options, ILogger<FrameReader> logger)
{
    // The decoder works ahead by this many pictures, then waits.
    private const int FramesAhead = 3;

    private static readonly TimeSpan MarkPatience = TimeSpan.FromSeconds(30);

    private readonly MediaToolOptions _options = options.Value;

    /// <summary>
    /// Yields frames in order of time; at most a few are in memory at once. Upright (rotation applied), square pixels, even sides, the size
    /// the same throughout. A steady frame is the one shown in the middle of an interval of 1 / FramesPerSecond seconds, because the middle
    /// represents the interval better than its start. Where nothing changes for longer, the standing picture is given again. The first
    /// picture of a shot is given only where its interval has no steady frame after it: it is often blurred or black.
    /// </summary>
    /// <exception cref="MediaException">Nothing could be decoded, or, after the frames that could be, too much of the track was damaged or
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
            // Also when the caller stops early: no decoder stays behind.
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
            var end = await CopyAsync(tool, messages, size, sampling, MostFrames(info.DurationSeconds, sampling), frames,
                cancellationToken).ConfigureAwait(false);
            var code = await tool.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            Judge(track, end, messages.Damaged, code, tool.ErrorTail);
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

    /// <summary>Hands frames on and returns where the last one's time ends; null when there was none.</summary>
    private static async Task<double?> CopyAsync(ToolProcess tool, FrameMessages messages, PictureSize size, FrameSampling sampling,
        double most, ChannelWriter<Frame> frames, CancellationToken cancellationToken)
    {
        Frame? last = null;
        var choice = new FrameChoice(sampling);
        for (var count = 0; ; count++)
        {
            var pixels = new byte[size.Bytes];
            if (await tool.Output.ReadAtLeastAsync(pixels, pixels.Length, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false) < pixels.Length)
                break;
            if (count > most)
                throw new MediaException("The video is broken: it gives far more pictures than its length says.");
            // Written before the picture was, so it is there or about to be; without it this would wait for ever.
            var mark = await messages.Marks.ReadAsync(cancellationToken).AsTask().WaitAsync(MarkPatience, cancellationToken)
                .ConfigureAwait(false);
            last = new Frame(mark.Time, last is null || mark.Score > sampling.ShotThreshold, size.Width, size.Height, pixels);
            foreach (var frame in choice.Next(last))
                await frames.WriteAsync(frame, cancellationToken).ConfigureAwait(false);
        }
        if (choice.Held is { } held)
            await frames.WriteAsync(held, cancellationToken).ConfigureAwait(false);
        return last?.Time + 1 / sampling.FramesPerSecond;
    }

    // Twice what the packets say; a decoder that never ends must not keep the task for ever.
    private static double MostFrames(double duration, FrameSampling sampling)
        => 2 * (duration + 30) * (sampling.FramesPerSecond + 1 / FrameCommand.ShortestShot);

    private void Judge(VideoTrack track, double? end, int damaged, int exitCode, string errorTail)
    {
        DecoderEnd.Check(exitCode, errorTail);
        if (end is not { } decoded)
            throw new MediaException($"No picture of the video could be decoded{ToolWords.Reason(errorTail)}.");
        if (track.EndSeconds is { } declared && Completeness.TooMuchMissing(declared, decoded, _options.MaxDamagedShare))
            throw new MediaException(
                FormattableString.Invariant(
                    $"The video is cut off or broken: it should last {declared:0.0} s, but its pictures end at {decoded:0.0} s."));
        var expected = Math.Max(1, decoded * track.FramesPerSecond);
        if (damaged > expected * _options.MaxDamagedShare)
            throw new MediaException(
                FormattableString.Invariant(
                    $"The video is broken: {damaged} of about {expected:0} pictures are damaged{ToolWords.Reason(errorTail)}."));
        if (exitCode != 0)
            throw new MediaException($"The video could not be decoded to its end{ToolWords.Reason(errorTail)}.");
        if (damaged > 0)
            LogDamageTolerated(logger, damaged, (int)expected);
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Damaged} of about {Expected} pictures are damaged; the video is used all the same")]
    private static partial void LogDamageTolerated(ILogger logger, int damaged, int expected);
}

/// <summary>Lets one frame represent each interval, or each part of one that a cut ends or begins.</summary>
internal sealed class FrameChoice(FrameSampling sampling)
{
    private bool _begun;

    /// <summary>The first frame of a shot, until it is known whether a steady one follows in its interval.</summary>
    public Frame? Held { get; private set; }

    /// <returns>The frames that are certain now.</returns>
    public IEnumerable<Frame> Next(Frame frame)
    {
        var (held, start) = (Held, Math.Floor(frame.Time * sampling.FramesPerSecond + 0.0001) / sampling.FramesPerSecond);
        Held = !frame.StartsShot ? null : _begun ? frame : frame with { Start = start };
        _begun = true;
        return (held, frame.StartsShot) switch
        {
            (null, true) => [],
            ({ } first, true) => [first],
            ({ } first, false) when first.Time >= start => [frame with { StartsShot = true, Start = first.Start }],
            ({ } first, false) => [first, frame with { Start = start }],
            (null, false) => [frame with { Start = start }],
        };
    }
}

/// <summary>How pictures are taken from a video.</summary>
/// <param name="FramesPerSecond">Steady rate, 0.1 to 10.</param>
/// <param name="ShotThreshold">Scene change score, 0 to 1, above which a picture starts a new shot.</param>
/// <param name="MaxLongSide">Pictures larger than this many pixels are scaled down, never up.</param>
public sealed record FrameSampling(double FramesPerSecond, double ShotThreshold, int MaxLongSide);

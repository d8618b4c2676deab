using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media;

/// <summary>Decodes the sound track once as 16 kHz mono samples in -1..1, on the clock of the video, with silence where the sound starts
/// late or has gaps.</summary>
public sealed partial class SoundReader(IOptions<MediaToolOptions> options)
{
    public const int SampleRate = 16_000;

    /// <summary>Samples per channel in one frame from ffmpeg: 50 ms. Each frame has its own timestamp.</summary>
    internal const int FrameSamples = 800;

    private const int Channels = 2;

    private static readonly TimeSpan StampTimeout = TimeSpan.FromSeconds(30);

    private readonly MediaToolOptions _options = options.Value;

    /// <summary>Yields blocks of samples in order, each but the last of one second.</summary>
    /// <exception cref="MediaException">Nothing could be decoded, or, after the decodable blocks, too much of the track was
    /// missing.</exception>
    /// <exception cref="ToolException">ffmpeg is missing or was killed.</exception>
    public async IAsyncEnumerable<float[]> ReadAsync(
        string path, MediaInfo info, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var track = info.Audio ?? throw new MediaException("The file has no sound track.");
        var command = new ToolCommand(_options.FFmpegPath, Arguments(info.Clock.Open(path), track, info.Clock, _options));
        var stamps = new Stamps();
        await using var tool = ToolProcess.Start(command, _options.DecodeLimits(info.DurationSeconds), stamps.Take);
        var timeline = new SoundTimeline(SampleRate);
        // FFmpeg attenuates mono when it converts it to stereo.
        var mix = new MonoMix(track.Channels == 1 ? Math.Sqrt(2) : 1);
        var frame = new float[FrameSamples * Channels];
        // Twice the duration according to the packets, so that a decoder that never ends does not fill the memory.
        var maxSamples = (long)((2 * info.DurationSeconds + 60) * SampleRate);
        while (await ReadFrameAsync(tool, frame, cancellationToken).ConfigureAwait(false))
        {
            var at = await NextStampAsync(stamps, cancellationToken).ConfigureAwait(false);
            foreach (var block in timeline.Add(at, mix.Mix(frame), maxSamples))
                yield return block;
        }
        if (timeline.TakeRest() is { Length: > 0 } rest)
            yield return rest;
        var code = await EndAsync(tool, cancellationToken).ConfigureAwait(false);
        CheckResult(track, (double)timeline.Position / SampleRate, code, tool.ErrorTail);
    }

    internal static string[] Arguments(InputFile file, AudioTrack track, MediaClock clock, MediaToolOptions options)
        => FFmpegCommand.Build(file, clock, "error", options, _ => { }, output => output
            .WithCustomArgument($"-map 0:{track.StreamIndex}")
            .DisableVideo().DisableSubtitles().DisableData()
            // FFmpeg rebuilds this chain if the format changes, so nothing in it may count from the start. The samples are placed by the
            // timestamp of each frame, which is written to standard error before the frame.
            // rematrix_maxval: the mixing weights add up to 1; otherwise loud surround sound exceeds 1.
            .WithCustomArgument($"-af {clock.AudioFilter},aresample={SampleRate}:ochl=stereo:osf=flt:rematrix_maxval=1,"
                + $"asetnsamples=n={FrameSamples}:p=1,asettb=1/{SampleRate},ametadata=mode=add:key=s:value=1,"
                + @"ametadata=mode=print:key=s:file=pipe\\:2:direct=1")
            .WithAudioCodec("pcm_f32le")
            .ForceFormat("f32le"));

    /// <summary>Returns false at the end; ffmpeg writes whole frames only.</summary>
    private static async Task<bool> ReadFrameAsync(ToolProcess tool, float[] frame, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = new byte[frame.Length * sizeof(float)];
            if (await tool.Output.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false)
                < bytes.Length)
                return false;
            MemoryMarshal.Cast<byte, float>(bytes).CopyTo(frame);
            return true;
        }
        catch (ToolException exception) when (exception.Failure == ToolFailure.TimedOut)
        {
            throw TookTooLong(exception);
        }
    }

    private static async Task<long> NextStampAsync(Stamps stamps, CancellationToken cancellationToken)
    {
        try
        {
            // The timestamp is written before the frame. The timeout guards against a frame without one.
            return await stamps.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(StampTimeout, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw TookTooLong(exception);
        }
    }

    private static async Task<int> EndAsync(ToolProcess tool, CancellationToken cancellationToken)
    {
        try
        {
            return await tool.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ToolException exception) when (exception.Failure == ToolFailure.TimedOut)
        {
            throw TookTooLong(exception);
        }
    }

    private static MediaException TookTooLong(Exception exception)
        => new("Decoding the sound took far longer than a track of this length may take.", exception);

    private void CheckResult(AudioTrack track, double decoded, int exitCode, string errorTail)
    {
        DecoderExit.Check(exitCode, errorTail);
        if (decoded == 0)
            throw new MediaException($"No sound could be decoded{ToolMessages.Reason(errorTail)}.");
        if (track.EndSeconds is { } declared && Completeness.TooMuchMissing(declared, decoded, _options.MaxDamagedShare))
            throw new MediaException(
                FormattableString.Invariant(
                    $"The sound is cut off or broken: it should last {declared:0.0} s, but it ends at {decoded:0.0} s."));
        if (exitCode != 0)
            throw new MediaException($"The sound could not be decoded to its end{ToolMessages.Reason(errorTail)}.");
    }

    /// <summary>The timestamps of frames, in samples, in the order of the frames.</summary>
    private sealed partial class Stamps
    {
        // Bounded by the frames that ffmpeg buffers, because it waits for its output to be read.
        private readonly Channel<long> _stamps = Channel.CreateUnbounded<long>(new UnboundedChannelOptions
        {
            SingleReader = true, SingleWriter = true,
        });

        public ChannelReader<long> Reader => _stamps.Reader;

        /// <summary>Reads a line. Returns false for a message.</summary>
        public bool Take(string line)
        {
            // Not anchored: the line may begin with another thread's message.
            if (Stamp().Match(line) is not { Success: true } stamp)
                return line.EndsWith("s=1", StringComparison.Ordinal);
            _stamps.Writer.TryWrite(long.Parse(stamp.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
            return true;
        }

        [GeneratedRegex(@"frame:\s*\d+\s+pts:\s*(-?\d{1,18})\s")]
        private static partial Regex Stamp();
    }
}

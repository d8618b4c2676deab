using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media;

/// <summary>Decodes the sound track once as 16 kHz mono samples in -1..1, on the time line of the video: silence where the sound starts late or has gaps.</summary>
public sealed class SoundReader(IOptions<MediaToolOptions> options)
{
    public const int SampleRate = 16_000;

    private readonly MediaToolOptions _options = options.Value;

    /// <summary>Yields blocks of samples in order, each but the last of one second.</summary>
    /// <exception cref="MediaException">Nothing could be decoded, or, after the blocks that could be, too much of the track was missing.</exception>
    /// <exception cref="ToolException">ffmpeg is missing or was killed.</exception>
    public async IAsyncEnumerable<float[]> ReadAsync(string path, MediaInfo info, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var track = info.Audio ?? throw new MediaException("The file has no sound track.");
        var command = new ToolCommand(_options.FFmpegPath, Arguments(InputFile.Sniff(path), track, _options));
        await using var tool = ToolProcess.Start(command, _options.DecodeLimits(info.DurationSeconds));
        var bytes = new byte[SampleRate * sizeof(float)];
        long samples = 0;
        // Twice what the header says, since headers are wrong; a decoder that never ends must not fill the memory.
        var most = (2 * info.DurationSeconds + 60) * SampleRate;
        while (await ReadBlockAsync(tool, bytes, cancellationToken).ConfigureAwait(false) is { Length: > 0 } block)
        {
            samples += block.Length;
            if (samples > most)
                throw new MediaException("The file is broken: it gives far more sound than its length says.");
            yield return block;
            if (block.Length < SampleRate)
                break;
        }
        var code = await EndAsync(tool, cancellationToken).ConfigureAwait(false);
        Judge(track, (double)samples / SampleRate, code, tool.ErrorTail);
    }

    internal static string[] Arguments(InputFile file, AudioTrack track, MediaToolOptions options)
        => FFmpegCommand.Build(file, "error", options, _ => { }, output => output
            .WithCustomArgument($"-map 0:{track.StreamIndex}")
            .DisableVideo().DisableSubtitles().DisableData()
            // async and first_pts: silence before a late start and in gaps, so that sample n is at n / 16000 s of the video.
            // rematrix_maxval: channels are mixed by weights whose sum is 1; without it a loud stereo track passes 1.
            .WithAudioFilters(filters => filters.WithFilter(new Resampling($"{SampleRate}:ochl=mono:osf=flt:async=1:first_pts=0:rematrix_maxval=1")))
            .WithAudioCodec("pcm_f32le")
            .ForceFormat("f32le"));

    private static async Task<float[]> ReadBlockAsync(ToolProcess tool, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            var count = await tool.Output.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            var block = MemoryMarshal.Cast<byte, float>(bytes.AsSpan(0, count - count % sizeof(float))).ToArray();
            for (var i = 0; i < block.Length; i++)
                // Resampling overshoots; a damaged stream may hold anything.
                block[i] = float.IsFinite(block[i]) ? Math.Clamp(block[i], -1, 1) : 0;
            return block;
        }
        catch (ToolException exception) when (exception.Failure == ToolFailure.TimedOut)
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

    private static MediaException TookTooLong(ToolException exception) => new("Decoding the sound took far longer than a track of this length may take.", exception);

    private void Judge(AudioTrack track, double decoded, int exitCode, string errorTail)
    {
        DecoderEnd.Check(exitCode, errorTail);
        if (decoded == 0)
            throw new MediaException($"No sound could be decoded{ToolWords.Reason(errorTail)}.");
        if (track.EndSeconds is { } declared && Completeness.TooMuchMissing(declared, decoded, _options.MaxDamagedShare))
            throw new MediaException(FormattableString.Invariant($"The sound is cut off or broken: it should last {declared:0.0} s, but it ends at {decoded:0.0} s."));
        if (exitCode != 0)
            throw new MediaException($"The sound could not be decoded to its end{ToolWords.Reason(errorTail)}.");
    }

    private sealed record Resampling(string Value) : FFMpegCore.Arguments.IAudioFilterArgument
    {
        public string Key => "aresample";
    }
}

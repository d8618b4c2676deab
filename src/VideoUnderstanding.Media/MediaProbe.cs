using System.Text.Json;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media;

/// <summary>Reads what a file holds, without decoding it.</summary>
public sealed class MediaProbe(IOptions<MediaToolOptions> options) : IDisposable
{
    // Enough to hold the last packets of every track; key frames are rarely farther apart.
    private const double TailSeconds = 5;

    private readonly MediaToolOptions _options = options.Value;

    // Hundreds of uploads may end at once. The time limit runs from the start of the program: with too many at a time good files would seem to take too long.
    private readonly SemaphoreSlim _turns = new(4 * Environment.ProcessorCount);

    /// <summary>
    /// Reads the header and the last packets. A file whose header is whole but whose data ends early is refused;
    /// damage in the middle shows only while decoding.
    /// </summary>
    /// <exception cref="MediaException">The file can not be read as media.</exception>
    /// <exception cref="ToolException">ffprobe is missing or was killed.</exception>
    public async Task<MediaInfo> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var file = InputFile.Sniff(path);
            var header = await ReadHeaderAsync(file, cancellationToken).ConfigureAwait(false);
            var container = header.Info.Container;
            RiffExtent.Check(path, _options.MaxDamagedShare);
            if (header.Info.DurationSeconds <= 0 || Containers.GuessesDuration(container))
                return await CountAsync(file, header, cancellationToken).ConfigureAwait(false);
            return Containers.DeclaresDuration(container)
                ? await CheckEndAsync(file, header, cancellationToken).ConfigureAwait(false)
                : header.Info;
        }
        catch (ToolException exception) when (IsEndless(exception))
        {
            throw Endless(exception);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    /// <summary>Reads the header alone, and refuses one that promises more than can be decoded.</summary>
    internal async Task<ProbeReport> ReadHeaderAsync(InputFile file, CancellationToken cancellationToken)
    {
        if (file.Demuxer == "mov")
            EditLists.Check(file.Path);
        try
        {
            var output = await ToolProcess.RunAsync(_options.FFprobePath, ProbeReport.Arguments(file, _options), _options.ProbeLimits, cancellationToken).ConfigureAwait(false);
            var header = ProbeReport.Parse(output.Text, new FileInfo(file.Path).Length);
            HeaderRules.Check(header, _options);
            return header;
        }
        catch (ToolException exception) when (exception is { Failure: ToolFailure.Failed, ExitCode: { } code })
        {
            DecoderEnd.Check(code, exception.ErrorTail);
            throw new MediaException(ToolWords.Unreadable(exception.ErrorTail), exception);
        }
        catch (ToolException exception) when (IsEndless(exception))
        {
            throw Endless(exception);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new MediaException(ToolWords.Unreadable(""), exception);
        }
    }

    private static bool IsEndless(ToolException exception) => exception.Failure is ToolFailure.TimedOut or ToolFailure.TooMuchOutput;

    private MediaException Endless(ToolException exception)
        => new($"The file can not be read: looking into it took longer than {_options.ProbeTimeout.TotalSeconds:0} s or gave far too many tracks.", exception);

    private async Task<MediaInfo> CountAsync(InputFile file, ProbeReport header, CancellationToken cancellationToken)
    {
        var ends = await PacketEnds.ReadAsync(file, null, header.Info, _options, cancellationToken).ConfigureAwait(false);
        var unknown = header.Info with
        {
            DurationSeconds = 0,
            Video = header.Info.Video is { } video ? video with { EndSeconds = null } : null,
            Audio = header.Info.Audio is { } audio ? audio with { EndSeconds = null } : null,
        };
        return Completeness.Check(unknown, header.StartSeconds, ends, _options.MaxDamagedShare);
    }

    private async Task<MediaInfo> CheckEndAsync(InputFile file, ProbeReport header, CancellationToken cancellationToken)
    {
        var info = header.Info;
        var from = Math.Max(0, info.DurationSeconds - TailSeconds) + header.StartSeconds;
        var ends = await PacketEnds.ReadAsync(file, from, info, _options, cancellationToken).ConfigureAwait(false);
        if (Reaches(ends, info, header.StartSeconds))
            return Completeness.Check(info, header.StartSeconds, ends, _options.MaxDamagedShare);
        // Nothing near the end: it is missing, or the seek failed. Reading everything tells which.
        ends = await PacketEnds.ReadAsync(file, null, info, _options, cancellationToken).ConfigureAwait(false);
        return Completeness.Check(info, header.StartSeconds, ends, _options.MaxDamagedShare);
    }

    private static bool Reaches(PacketEnds ends, MediaInfo info, double start)
        => Math.Max(ends.Of(info.Video?.StreamIndex ?? -1) ?? 0, ends.Of(info.Audio?.StreamIndex ?? -1) ?? 0) - start > info.DurationSeconds - TailSeconds;
}

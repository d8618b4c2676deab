using System.Text.Json;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media;

/// <summary>Reads what a file contains, without decoding it.</summary>
public sealed class MediaProbe(IOptions<MediaToolOptions> options) : IDisposable
{
    // Packets read to find the start of the pictures, and frames among them that are enough: more than a decoder reorders.
    private const int FirstPackets = 400;
    private const int MinFirstFrames = 20;

    private readonly MediaToolOptions _options = options.Value;
    private readonly RecentMedia _recent = new();

    // Limits concurrent probes. The timeout includes waiting for the processor, so with too many processes valid files would time out.
    private readonly SemaphoreSlim _slots = new(4 * Environment.ProcessorCount);

    /// <summary>Reads the header and counts all packets. Refuses a file whose data ends early; damage in the middle is found only while
    /// decoding.</summary>
    /// <exception cref="MediaException">The file cannot be read as media.</exception>
    /// <exception cref="ToolException">A tool is missing or was killed.</exception>
    public Task<MediaInfo> ReadAsync(string path, CancellationToken cancellationToken)
        => RunLimitedAsync(() => ReadWholeAsync(InputFile.Sniff(path), cancellationToken), cancellationToken);

    /// <summary>Reads the tracks and the clock, which are enough to find a picture by its time. The whole file is read only if its
    /// timestamps may restart or are missing; otherwise the length is not known.</summary>
    internal Task<MediaInfo> ReadClockAsync(string path, CancellationToken cancellationToken)
        => RunLimitedAsync(async () =>
        {
            var file = InputFile.Sniff(path);
            if (_recent.Find(path) is { } known)
                return known;
            if (Containers.TimestampsMayRestart(file.Demuxer) || Containers.HasNoTimestamps(file.Demuxer))
                return await ReadWholeAsync(file, cancellationToken).ConfigureAwait(false);
            var header = await ReadHeaderAsync(file, cancellationToken).ConfigureAwait(false);
            var scan = await PacketScan.ReadAsync(file, FirstPackets, header, _options, cancellationToken).ConfigureAwait(false);
            return header.Info.Video is { } video && scan.Find(video.StreamIndex)?.Shown >= MinFirstFrames
                ? MediaTimeline.Describe(header, MediaTimeline.Clock(header, scan), scan)
                : await ReadWholeAsync(file, cancellationToken).ConfigureAwait(false);
        }, cancellationToken);

    public void Dispose() => _slots.Dispose();

    /// <summary>Reads the header, and refuses one that declares more than can be decoded.</summary>
    internal async Task<ProbeReport> ReadHeaderAsync(InputFile file, CancellationToken cancellationToken)
    {
        if (file.Demuxer == "mov")
            EditLists.Check(file.Path);
        try
        {
            var output = await ToolProcess.RunAsync(_options.FFprobePath, ProbeReport.Arguments(file, _options), _options.ProbeLimits,
                cancellationToken).ConfigureAwait(false);
            var header = ProbeReport.Parse(output.Text, new FileInfo(file.Path).Length);
            HeaderRules.Check(header, header.Info, _options);
            return header;
        }
        catch (ToolException exception) when (exception is { Failure: ToolFailure.Failed, ExitCode: { } code })
        {
            DecoderExit.Check(code, exception.ErrorTail);
            throw new MediaException(ToolMessages.Unreadable(exception.ErrorTail), exception);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new MediaException(ToolMessages.Unreadable(""), exception);
        }
    }

    private async Task<MediaInfo> ReadWholeAsync(InputFile file, CancellationToken cancellationToken)
    {
        if (_recent.Find(file.Path) is { } known)
            return known;
        var header = await ReadHeaderAsync(file, cancellationToken).ConfigureAwait(false);
        var scan = await PacketScan.ReadAsync(file, null, header, _options, cancellationToken).ConfigureAwait(false);
        var clock = MediaTimeline.Clock(header, scan);
        var timed = clock.Kind == ClockKind.Corrected
            ? await PacketScan.ReadJoinedAsync(clock.Open(file.Path), clock, header, _options, cancellationToken).ConfigureAwait(false)
            : scan;
        var info = MediaTimeline.Describe(header, clock, timed);
        HeaderRules.Check(header, info, _options);
        Completeness.Check(header, info, scan, DeclaredBytes.Read(file.Path), _options.MaxDamagedShare);
        _recent.Add(file.Path, info);
        return info;
    }

    private async Task<MediaInfo> RunLimitedAsync(Func<Task<MediaInfo>> read, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (ToolException exception) when (exception.Failure is ToolFailure.TimedOut or ToolFailure.TooMuchOutput)
        {
            throw new MediaException(
                $"The file can not be read: looking into it took longer than {_options.ProbeTimeout.TotalSeconds:0} s or gave far too many "
                    + $"tracks.", exception);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Caches results, because a file is probed when it is uploaded, when it is indexed, and for each thumbnail.</summary>
    private sealed class RecentMedia
    {
        private const int MaxEntries = 256;

        private readonly Lock _lock = new();
        private readonly Dictionary<FileVersion, MediaInfo> _known = [];
        private readonly Queue<FileVersion> _order = [];

        public MediaInfo? Find(string path)
        {
            lock (_lock)
                return _known.GetValueOrDefault(FileVersion.Read(path));
        }

        public void Add(string path, MediaInfo info)
        {
            var version = FileVersion.Read(path);
            lock (_lock)
            {
                if (_known.TryAdd(version, info))
                    _order.Enqueue(version);
                if (_order.Count > MaxEntries)
                    _known.Remove(_order.Dequeue());
            }
        }

        private readonly record struct FileVersion(string Path, long Length, DateTime Written)
        {
            public static FileVersion Read(string path)
                => new FileInfo(path) is { Exists: true } file ? new(file.FullName, file.Length, file.LastWriteTimeUtc) : default;
        }
    }
}

/// <summary>Limits on sizes that a header declares, checked before the packets are read: a small file can declare sizes that no machine can
/// decode. Lengths and counts are checked by the packets.</summary>
internal static class HeaderRules
{
    // Studio recordings have 192 or 384 kHz and some dozens of channels.
    private const int MaxSampleRate = 768_000;
    private const int MaxChannels = 64;

    /// <param name="info">The tracks that are used.</param>
    /// <exception cref="MediaException">A declared size exceeds a limit.</exception>
    public static void Check(ProbeReport header, MediaInfo info, MediaToolOptions options)
    {
        if (header.Tracks > options.MaxTracks)
            throw new MediaException($"The file has {header.Tracks} tracks; at most {options.MaxTracks} are read.");
        if (info.Video is { } video
            && Math.Max(header.StoredPixels.GetValueOrDefault(video.StreamIndex), (long)video.Width * video.Height) > options.MaxPixels)
            throw new MediaException($"The file declares pictures of {video.Width}x{video.Height}; pictures of at most "
                + $"{options.MaxPixels} pixels are read.");
        if (info.AudioTracks.FirstOrDefault(track => track.SampleRate > MaxSampleRate || track.Channels > MaxChannels) is { } audio)
            throw new MediaException($"The file declares {audio.Channels} channels of sound with {audio.SampleRate} samples a second; at "
                + $"most {MaxChannels} and {MaxSampleRate} are read.");
    }
}

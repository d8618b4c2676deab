using System.Globalization;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media;

/// <summary>Timestamps of one packet in seconds. A discarded packet is decoded but not shown (edit list).</summary>
internal readonly record struct PacketStamp(int Stream, double? Pts, double? Dts, double? Duration, bool Key, bool Discarded)
{
    /// <summary>Parses a line of ffprobe: stream, pts, dts, duration, flags.</summary>
    public static PacketStamp? ParseProbe(string line)
    {
        var fields = line.Split(',');
        return fields.Length >= 5 && int.TryParse(fields[0], CultureInfo.InvariantCulture, out var stream)
            ? new(stream, Number(fields[1]), Number(fields[2]), Number(fields[3]), fields[4].Contains('K', StringComparison.Ordinal),
                fields[4].Contains('D', StringComparison.Ordinal))
            : null;
    }

    /// <summary>Parses a line of ffmpeg's framecrc: output stream, dts, pts, duration, size, checksum, and flags unless the packet is only
    /// a key packet.</summary>
    /// <param name="streams">Input stream of each output stream.</param>
    /// <param name="timeBases">Seconds per tick of each output stream.</param>
    public static PacketStamp? ParseChecksums(string line, IReadOnlyList<int> streams, IReadOnlyList<double> timeBases)
    {
        const int keyFlag = 1;
        const int discardFlag = 4;
        var fields = line.Split(',', StringSplitOptions.TrimEntries);
        if (fields.Length < 6 || !int.TryParse(fields[0], CultureInfo.InvariantCulture, out var output) || output >= streams.Count)
            return null;
        var flags = keyFlag;
        foreach (var field in fields.Skip(6))
            if (field.StartsWith("F=0x", StringComparison.Ordinal)
                && int.TryParse(field.AsSpan(4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value))
                flags = value;
        var tick = timeBases[output];
        return new(streams[output], Number(fields[2]) * tick, Number(fields[1]) * tick, Number(fields[3]) * tick, (flags & keyFlag) != 0,
            (flags & discardFlag) != 0);
    }

    private static double? Number(string text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}

/// <summary>Statistics of the packets of a file, read without decoding. Memory does not grow with the file.</summary>
internal sealed class PacketScan(ProbeReport header, MediaToolOptions options)
{
    // Recorder clocks vary by some milliseconds; ffmpeg joins parts that overlap by more than 0.1 s.
    private const double BackwardSeconds = 0.2;

    private readonly Dictionary<int, TrackPackets> _tracks = [];
    private readonly bool _mayRestart = Containers.TimestampsMayRestart(header.Info.Container);
    private readonly HashSet<int> _timed = [.. header.Pictures.Select(track => track.StreamIndex),
        .. header.Sounds.Select(track => track.StreamIndex)];
    private double _latest = double.NegativeInfinity;

    /// <summary>True if timestamps go back, or all tracks jump forward, so that they are no clock of the whole file.</summary>
    public bool Restarts { get; private set; }

    /// <summary>True if the demuxer reported an error: the file is cut off or damaged.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>The packets of a track; null if it has none.</summary>
    public TrackPackets? Find(int stream) => _tracks.GetValueOrDefault(stream);

    /// <param name="first">Number of packets to read from the start; null reads the whole file.</param>
    public static string[] Arguments(InputFile file, int? first, MediaToolOptions options)
        => ["-v", "error", .. FFmpegCommand.InputSafety(file, options),
            .. first is { } count ? (string[])["-read_intervals", string.Create(CultureInfo.InvariantCulture, $"%+#{count}")] : [],
            "-of", "csv=p=0", "-show_entries", "packet=stream_index,pts_time,dts_time,duration_time,flags",
            FFmpegCommand.InputName(file.Path)];

    /// <summary>Joins the parts of a file and prints the corrected timestamps. Every run that reads <paramref name="clock"/>'s streams
    /// makes the same corrections.</summary>
    public static string[] JoiningArguments(InputFile file, MediaClock clock, MediaToolOptions options)
        => ["-nostdin", "-hide_banner", "-nostats", "-v", "error", .. FFmpegCommand.InputSafety(file, options),
            "-i", FFmpegCommand.InputName(file.Path), .. clock.Streams.SelectMany(stream => (string[])["-map", $"0:{stream}"]),
            "-c", "copy", "-copyinkf", "-f", "framecrc", "pipe:1"];

    /// <summary>Counts packets by the file's own timestamps.</summary>
    /// <exception cref="MediaException">There are more pictures than allowed.</exception>
    public static async Task<PacketScan> ReadAsync(
        InputFile file, int? first, ProbeReport header, MediaToolOptions options, CancellationToken cancellationToken)
    {
        var scan = new PacketScan(header, options);
        await scan.RunAsync(
            new ToolCommand(options.FFprobePath, Arguments(file, first, options)), PacketStamp.ParseProbe, cancellationToken)
            .ConfigureAwait(false);
        return scan;
    }

    /// <summary>Counts packets by timestamps that ffmpeg has corrected.</summary>
    /// <exception cref="MediaException">There are more pictures than allowed.</exception>
    public static async Task<PacketScan> ReadJoinedAsync(
        InputFile file, MediaClock clock, ProbeReport header, MediaToolOptions options, CancellationToken cancellationToken)
    {
        var scan = new PacketScan(header, options);
        var ticks = clock.Streams.Select(_ => 0.0).ToArray();
        await scan.RunAsync(new ToolCommand(options.FFmpegPath, JoiningArguments(file, clock, options)),
            line => TakeTimeBase(line, ticks) ? null : PacketStamp.ParseChecksums(line, clock.Streams, ticks), cancellationToken)
            .ConfigureAwait(false);
        return scan;
    }

    /// <exception cref="MediaException">There are more pictures than allowed.</exception>
    internal void Add(PacketStamp packet)
    {
        if (!_tracks.TryGetValue(packet.Stream, out var track))
            _tracks[packet.Stream] = track = header.Pictures.FirstOrDefault(picture => picture.StreamIndex == packet.Stream) is { } picture
                ? new TrackPackets(picture.TickRate, picture.FramesPerSecond) : new TrackPackets(0, 0);
        if (_mayRestart && _timed.Contains(packet.Stream) && packet.Dts is { } now)
        {
            Restarts |= track.LastDts is { } before && (now < before - BackwardSeconds
                // Long intervals of slide shows are not jumps.
                || (now - _latest > MediaClock.JumpSeconds && track.MeanInterval > 0
                    && now - before > MediaClock.JumpSeconds * track.MeanInterval));
            _latest = Math.Max(_latest, now);
        }
        track.Add(packet);
        if (track.Count > options.MaxPictures && header.Pictures.Any(picture => picture.StreamIndex == packet.Stream))
            throw new MediaException($"The file has more than {options.MaxPictures} pictures; at most that many are read.");
    }

    /// <summary>Reads a message. Only messages with the demuxer's name mean damage; decoders also write messages while FFmpeg guesses
    /// parameters.</summary>
    internal bool ReadMessage(string line)
    {
        HasErrors |= line.StartsWith($"[{header.Info.Container} @", StringComparison.Ordinal);
        return false;
    }

    private async Task RunAsync(ToolCommand command, Func<string, PacketStamp?> parse, CancellationToken cancellationToken)
    {
        await using var tool = ToolProcess.Start(command, options.ScanLimits(header.Info.SizeBytes), ReadMessage);
        using var reader = new StreamReader(tool.Output);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            if (parse(line) is { } packet)
                Add(packet);
        // Other exit codes are ignored: missing packets show a damaged end.
        DecoderExit.Check(await tool.WaitForExitAsync(cancellationToken).ConfigureAwait(false), tool.ErrorTail);
    }

    // "#tb 0: 1/90000"
    private static bool TakeTimeBase(string line, double[] ticks)
    {
        if (!line.StartsWith("#tb ", StringComparison.Ordinal))
            return line.StartsWith('#');
        var parts = line[4..].Split(':', '/');
        if (parts.Length == 3 && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var stream) && stream < ticks.Length
            && double.TryParse(parts[1], CultureInfo.InvariantCulture, out var above)
            && double.TryParse(parts[2], CultureInfo.InvariantCulture, out var below) && below > 0)
            ticks[stream] = above / below;
        return true;
    }
}

/// <summary>Statistics of the packets of one track.</summary>
/// <param name="tickRate">Frames per second by the header's ticks; 0 if unknown, or for sound.</param>
/// <param name="averageRate">Average rate by the header; 0 if unknown, or for sound.</param>
internal sealed class TrackPackets(double tickRate, double averageRate)
{
    // Matroska rounds to milliseconds, some recorders to more.
    private const double IntervalTolerance = 0.1;
    private const double RoundingSeconds = 0.0015;

    private double? _key;
    private double? _firstStamp;
    private double? _keyedStart;
    private double? _lastLength;
    private double _lastShown = double.NegativeInfinity;
    private double _previous = double.NaN;
    private double _intervalSum;
    private int _intervals;
    private int _atTickRate;
    private int _atAverageRate;

    /// <summary>Packets of any kind, with or without timestamps.</summary>
    public int Count { get; private set; }

    /// <summary>Frames that are shown; the two fields of a frame count as one.</summary>
    public int Shown { get; private set; }

    public double? LastDts { get; private set; }

    public double MaxInterval { get; private set; }

    public double MeanInterval => _intervals == 0 ? 0 : _intervalSum / _intervals;

    /// <summary>First shown timestamp, in seconds: packets before the first key packet cannot be decoded.</summary>
    public double? Start => _keyedStart ?? _firstStamp;

    /// <summary>Last shown timestamp, in seconds; null if there is none.</summary>
    public double? LastStart => double.IsFinite(_lastShown) ? _lastShown : null;

    /// <summary>Length of the last frame by its packet, in seconds.</summary>
    public double? LastLength => _lastLength;

    /// <summary>The header's rate that fits most intervals; null if there is none.</summary>
    public double? SteadyRate => _intervals == 0 ? averageRate > 0 ? averageRate : null
        : 2 * _atTickRate > _intervals ? tickRate : 2 * _atAverageRate > _intervals ? averageRate : null;

    public void Add(PacketStamp packet)
    {
        Count++;
        LastDts = packet.Dts ?? LastDts;
        if ((packet.Pts ?? packet.Dts) is not { } stamp)
            return;
        if (packet.Key)
            _key ??= stamp;
        if (packet.Discarded)
            return;
        _firstStamp = Math.Min(_firstStamp ?? stamp, stamp);
        if (stamp >= _key)
            _keyedStart = Math.Min(_keyedStart ?? stamp, stamp);
        AddInterval(packet.Dts ?? stamp);
        if (stamp >= _lastShown)
            (_lastShown, _lastLength) = (stamp, packet.Duration is > 0 and var length ? length : null);
    }

    private void AddInterval(double time)
    {
        if (time == _previous)
            return;
        Shown++;
        if (time > _previous)
        {
            var interval = time - _previous;
            (_intervals, _intervalSum, MaxInterval) = (_intervals + 1, _intervalSum + interval, Math.Max(MaxInterval, interval));
            _atTickRate += CountIfAt(tickRate, interval);
            _atAverageRate += CountIfAt(averageRate, interval);
        }
        _previous = time;
    }

    private static int CountIfAt(double rate, double interval)
        => rate > 0 && Math.Abs(interval - 1 / rate) <= Math.Min(IntervalTolerance / rate + RoundingSeconds, 0.5 / rate) ? 1 : 0;
}

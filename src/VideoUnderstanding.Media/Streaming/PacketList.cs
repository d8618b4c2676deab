using System.Globalization;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media.Streaming;

/// <summary>A packet of the picture track. Seconds.</summary>
internal readonly record struct PicturePacket(double Decoded, double Shown, double Length);

/// <summary>All packets of a file with H.264 as FFmpeg's demuxer returns them, with the file's timestamps, read without decoding.</summary>
internal sealed class PacketList
{
    private const string AllPictures = "0";
    private const string RefreshesOnly = "1";
    private const string SoundOnly = "2";
    private const long NoTime = long.MinValue;

    private readonly Dictionary<string, double> _ticks = [];

    /// <summary>In decoding order.</summary>
    public List<PicturePacket> Pictures { get; } = [];

    /// <summary>Presentation times of pictures from which decoding can begin (IDR).</summary>
    public List<double> Refreshes { get; } = [];

    /// <summary>Times at which packets of sound begin, in the order of the file.</summary>
    public List<double> Sounds { get; } = [];

    /// <summary>False if a packet has no time or is cut off by an edit list: such packets cannot be copied.</summary>
    public bool IsPlain { get; private set; } = true;

    /// <summary>FFmpeg prints one line per packet. The second output stream has only the IDR pictures, because its packets lose all other
    /// units and empty packets are left out.</summary>
    public static string[] Arguments(InputFile file, MediaInfo info, MediaToolOptions options)
        => FFmpegCommand.Build(file, info.Clock, "error", options, _ => { }, output => output.WithCustomArgument(
            $"-map 0:{info.Video!.StreamIndex} -map 0:{info.Video.StreamIndex} -bsf:v:1 filter_units=pass_types=5 "
            + (info.Audio is { } sound ? $"-map 0:{sound.StreamIndex} " : "")
            + "-c copy -copyinkf").ForceFormat("framecrc"));

    public static async Task<PacketList> ReadAsync(
        InputFile file, MediaInfo info, MediaToolOptions options, CancellationToken cancellationToken)
    {
        var packets = new PacketList();
        await using var tool = ToolProcess.Start(new ToolCommand(options.FFmpegPath, Arguments(file, info, options)),
            options.DecodeLimits(info.DurationSeconds));
        using var reader = new StreamReader(tool.Output);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            packets.Add(line);
            if (packets.Pictures.Count > options.MaxPictures)
                throw new MediaException("The video has too many pictures.");
        }
        DecoderExit.Check(await tool.WaitForExitAsync(cancellationToken).ConfigureAwait(false), tool.ErrorTail);
        return packets;
    }

    internal void Add(string line)
    {
        if (line.StartsWith("#tb ", StringComparison.Ordinal))
            AddTick(line);
        var fields = line.Split(',', StringSplitOptions.TrimEntries);
        if (fields.Length < 6 || !_ticks.TryGetValue(fields[0], out var tick))
            return;
        var (decoded, shown, length) = (Number(fields[1]), Number(fields[2]), Number(fields[3]));
        if (fields[0] == RefreshesOnly)
            Refreshes.Add(shown * tick);
        else if (fields[0] == SoundOnly && shown != NoTime)
            Sounds.Add(shown * tick);
        else if (fields[0] == AllPictures)
        {
            IsPlain &= decoded != NoTime && shown != NoTime && !IsCutOff(fields);
            if (!IsCutOff(fields) && (shown != NoTime || decoded != NoTime))
                Pictures.Add(new PicturePacket((decoded == NoTime ? shown : decoded) * tick, (shown == NoTime ? decoded : shown) * tick,
                    length * tick));
        }
    }

    /// <summary>The flag of packets before the start of an edit list: decoded, but not shown.</summary>
    private static bool IsCutOff(string[] fields)
        => fields.FirstOrDefault(field => field.StartsWith("F=0x", StringComparison.Ordinal)) is { } flags
            && int.TryParse(flags.AsSpan(4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits) && (bits & 4) != 0;

    /// <summary><c>#tb 0: 1/30000</c></summary>
    private void AddTick(string line)
    {
        var parts = line[4..].Split(':', '/');
        if (parts.Length == 3 && Number(parts[1]) is > 0 and var above && Number(parts[2]) is > 0 and var below)
            _ticks[parts[0].Trim()] = (double)above / below;
    }

    private static long Number(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : NoTime;
}

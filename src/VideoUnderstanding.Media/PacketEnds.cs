using System.Globalization;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media;

/// <summary>Where the packets of each track end, in the file's own time stamps. Read without decoding; memory does not grow with the file.</summary>
internal sealed class PacketEnds
{
    private readonly Dictionary<int, double> _ends = [];

    public double? Of(int streamIndex) => _ends.TryGetValue(streamIndex, out var end) ? end : null;

    /// <param name="fromSeconds">Reading starts at the key frame before this time stamp; null reads the whole file.</param>
    public static string[] Arguments(InputFile file, double? fromSeconds, MediaToolOptions options)
        => ["-v", "error", .. FFmpegCommand.InputSafety(file, options),
            .. fromSeconds is { } from ? (string[])["-read_intervals", from.ToString("0.######", CultureInfo.InvariantCulture) + "%"] : [],
            "-of", "csv=p=0", "-show_entries", "packet=stream_index,pts_time,dts_time,duration_time", FFmpegCommand.InputName(file.Path)];

    public static async Task<PacketEnds> ReadAsync(InputFile file, double? fromSeconds, MediaInfo info, MediaToolOptions options, CancellationToken cancellationToken)
    {
        var ends = new PacketEnds();
        await using var tool = ToolProcess.Start(new ToolCommand(options.FFprobePath, Arguments(file, fromSeconds, options)), options.ProbeLimits);
        using var reader = new StreamReader(tool.Output);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            ends.Add(line, info);
        // Its exit code says nothing more: a damaged end is told by the packets that are missing.
        await tool.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        return ends;
    }

    internal void Add(string line, MediaInfo info)
    {
        var fields = line.Split(',');
        if (fields.Length < 4 || !int.TryParse(fields[0], CultureInfo.InvariantCulture, out var stream) || (Number(fields[1]) ?? Number(fields[2])) is not { } time)
            return;
        var end = time + (Number(fields[3]) ?? (stream == info.Video?.StreamIndex && info.Video.FramesPerSecond > 0 ? 1 / info.Video.FramesPerSecond : 0));
        if (!_ends.TryGetValue(stream, out var last) || end > last)
            _ends[stream] = end;
    }

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
}

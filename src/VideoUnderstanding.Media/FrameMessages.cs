using System.Globalization;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace VideoUnderstanding.Media;

/// <summary>Time of a selected picture, in seconds, and its difference to the previous one, 0 to 1.</summary>
internal readonly record struct FrameMark(double Time, double Score);

/// <summary>Reads ffmpeg's standard error while it decodes: the mark of each selected picture, and reports of damage.</summary>
internal sealed partial class FrameMessages
{
    // Bounded by the pictures that ffmpeg buffers, because it waits for its output to be read.
    private readonly Channel<FrameMark> _marks = Channel.CreateUnbounded<FrameMark>(new UnboundedChannelOptions
    {
        SingleReader = true, SingleWriter = true,
    });
    private double _time;
    private int _damaged;

    /// <summary>The marks in the order of the pictures.</summary>
    public ChannelReader<FrameMark> Marks => _marks.Reader;

    /// <summary>Number of pictures that could not be decoded completely.</summary>
    public int Damaged => Volatile.Read(ref _damaged);

    /// <summary>Reads a line. Returns false for a message that belongs to the error tail.</summary>
    public bool Take(string line)
    {
        // Not anchored: the line may begin with another thread's message.
        if (Stamp().Match(line) is { Success: true } stamp)
            _time = (double)long.Parse(stamp.Groups[1].ValueSpan, CultureInfo.InvariantCulture) / FrameCommand.TicksPerSecond;
        else if (Score().Match(line) is { Success: true } score)
            _marks.Writer.TryWrite(
                new FrameMark(Math.Max(0, _time), double.Parse(score.Groups[1].ValueSpan, CultureInfo.InvariantCulture)));
        else
        {
            if (IsDamage(line))
                Interlocked.Increment(ref _damaged);
            // Printed for each picture of older full-range formats; it would displace relevant messages from the tail.
            return line.Contains("deprecated pixel format", StringComparison.Ordinal);
        }
        return true;
    }

    // FFmpeg 5 and 7 use different words; each message stands for one picture.
    private static bool IsDamage(string line)
        => line.Contains("corrupt decoded frame", StringComparison.Ordinal)
            || line.Contains("Error while decoding stream", StringComparison.Ordinal)
            || line.Contains("Error submitting packet to decoder", StringComparison.Ordinal)
            || line.Contains("Decoding error:", StringComparison.Ordinal);

    [GeneratedRegex(@"frame:\s*\d+\s+pts:\s*(-?\d{1,18})\s")]
    private static partial Regex Stamp();

    [GeneratedRegex(@"lavfi\.scene_score=([0-9.]+)")]
    private static partial Regex Score();
}

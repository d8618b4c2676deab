using System.Globalization;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace VideoUnderstanding.Media;

/// <summary>When a chosen picture is shown, in seconds, and how much it differs from the one before it, 0 to 1.</summary>
internal readonly record struct FrameMark(double Time, double Score);

/// <summary>Reads what ffmpeg says while it decodes pictures: the mark of each chosen picture, and what was damaged.</summary>
internal sealed partial class FrameMessages
{
    // Never longer than the pictures that ffmpeg holds, since it waits for its output to be read.
    private readonly Channel<FrameMark> _marks = Channel.CreateUnbounded<FrameMark>(new UnboundedChannelOptions
    {
        SingleReader = true, SingleWriter = true,
    });
    private double _time;
    private int _damaged;

    /// <summary>The marks in the order of the pictures.</summary>
    public ChannelReader<FrameMark> Marks => _marks.Reader;

    /// <summary>Pictures that could not be decoded, or only in part.</summary>
    public int Damaged => Volatile.Read(ref _damaged);

    /// <summary>Takes a line; false when it is a message and no mark.</summary>
    public bool Take(string line)
    {
        // Searched for anywhere in the line: another thread's message may have begun on it.
        if (Stamp().Match(line) is { Success: true } stamp)
            _time = (double)long.Parse(stamp.Groups[1].ValueSpan, CultureInfo.InvariantCulture) / FrameCommand.TicksPerSecond;
        else if (Score().Match(line) is { Success: true } score)
            _marks.Writer.TryWrite(
                new FrameMark(Math.Max(0, _time), double.Parse(score.Groups[1].ValueSpan, CultureInfo.InvariantCulture)));
        else
        {
            if (IsDamage(line))
                Interlocked.Increment(ref _damaged);
            // Said for each picture of older full-range formats; it would push real messages out of the tail.
            return line.Contains("deprecated pixel format", StringComparison.Ordinal);
        }
        return true;
    }

    // FFmpeg 5 and 7 word them differently; each stands for one picture.
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

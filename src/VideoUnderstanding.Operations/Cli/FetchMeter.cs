using System.Globalization;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>Prints the progress of a download with rate and remaining time. Prints synchronously and in order, unlike
/// <see cref="Progress{T}"/>.</summary>
/// <param name="isTerminal">True: one line that is overwritten. False: a line per file, and at most one every 15 seconds.</param>
public sealed class FetchMeter(TextWriter output, bool isTerminal, TimeProvider clock) : IProgress<FetchProgress>
{
    private const double Megabyte = 1_000_000;

    /// <summary>Columns of the line that is overwritten.</summary>
    private const int Width = 110;

    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(15);

    private (long Timestamp, long Remaining)? _begin;
    private (long Timestamp, int File)? _last;

    /// <summary>For the console of this process.</summary>
    public static FetchMeter OnConsole() => new(Console.Error, !Console.IsErrorRedirected, TimeProvider.System);

    public void Report(FetchProgress value)
    {
        _begin ??= (clock.GetTimestamp(), value.Remaining);
        if (isTerminal)
        {
            output.Write($"\r{Text(value).PadRight(Width)}");
            if (value.Received == value.Total)
                output.WriteLine();
        }
        else if (_last is not { } last || last.File != value.FileNumber || clock.GetElapsedTime(last.Timestamp) >= LineInterval)
        {
            _last = (clock.GetTimestamp(), value.FileNumber);
            output.WriteLine(Text(value));
        }
    }

    private string Text(FetchProgress value)
    {
        var total = value.Total is { } bytes ? string.Create(CultureInfo.InvariantCulture, $" of {bytes / Megabyte:0.0}") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{value.FileNumber}/{value.FileCount} {value.ModelId}/{value.File}: {value.Received / Megabyte:0.0}{total} MB{Rate(value)}");
    }

    private string Rate(FetchProgress value)
    {
        var seconds = clock.GetElapsedTime(_begin!.Value.Timestamp).TotalSeconds;
        var rate = seconds > 0 ? (_begin.Value.Remaining - value.Remaining) / seconds : 0;
        // No bytes received yet, or a file was restarted.
        if (rate <= 0)
            return "";
        var left = TimeSpan.FromSeconds(Math.Min(value.Remaining / rate, TimeSpan.FromDays(9).TotalSeconds));
        var format = left.TotalHours >= 1 ? @"d\.hh\:mm\:ss" : @"m\:ss";
        return string.Create(CultureInfo.InvariantCulture,
            $", {rate / Megabyte:0.0} MB/s, {left.ToString(format, CultureInfo.InvariantCulture)} left");
    }
}

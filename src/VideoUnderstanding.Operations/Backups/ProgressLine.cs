using System.Globalization;

namespace VideoUnderstanding.Operations.Backups;

/// <summary>Shows the progress of a copy in one line on standard error; writes nothing if that is not a terminal.</summary>
internal sealed class ProgressLine(string what, long totalBytes, TimeProvider clock)
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMilliseconds(250);
    private const double Megabyte = 1024 * 1024;

    private long _done;
    private long _lastShown = clock.GetTimestamp();

    public void Add(long bytes)
    {
        _done += bytes;
        if (Console.IsErrorRedirected || (clock.GetElapsedTime(_lastShown) < RefreshInterval && _done < totalBytes))
            return;
        _lastShown = clock.GetTimestamp();
        Console.Error.Write(
            string.Create(CultureInfo.InvariantCulture, $"\r{what}: {_done / Megabyte:0.0} of {totalBytes / Megabyte:0.0} MB "));
    }

    public void End()
    {
        if (!Console.IsErrorRedirected)
            Console.Error.WriteLine();
    }

    public static string Megabytes(long bytes) => (bytes / Megabyte).ToString("0.0", CultureInfo.InvariantCulture) + " MB";
}

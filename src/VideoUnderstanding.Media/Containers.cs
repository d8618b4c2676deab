namespace VideoUnderstanding.Media;

/// <summary>The kinds of files that are read, by FFmpeg's demuxer names.</summary>
internal static class Containers
{
    /// <summary>
    /// Only demuxers that read nothing but the file itself. Playlists (hls, dash, concat), scripts, devices and pictures are left out:
    /// they would make FFmpeg open other files or addresses that an uploader names.
    /// </summary>
    public static string Allowed { get; } = string.Join(',',
        "mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi", "flv", "asf", "mpegts", "mpeg", "ogg", "mxf", "nut", "rm", "dv", "gif", "ivf",
        "wav", "w64", "aiff", "caf", "flac", "mp3", "aac", "ac3", "eac3", "amr", "wv");

    private static readonly HashSet<string> DeclareDuration = ["mov", "matroska", "avi", "flv", "asf", "ogg", "mxf", "nut", "wav", "w64", "aiff", "caf", "flac"];

    // FFmpeg derives their length from the last time stamps in the file, so nothing can be missing against it.
    private static readonly HashSet<string> MeasureDuration = ["mpegts", "mpeg"];

    /// <summary>True where the header says how long the file is, so that a shorter file is a broken one.</summary>
    public static bool DeclaresDuration(string container) => DeclareDuration.Contains(First(container));

    /// <summary>True where FFmpeg guesses the length from the size, so that it has to be counted.</summary>
    public static bool GuessesDuration(string container) => !DeclaresDuration(container) && !MeasureDuration.Contains(First(container));

    /// <summary>True where an index leads to the right packet at once; elsewhere a seek may land too late.</summary>
    public static bool SeeksExactly(string container) => First(container) is "mov" or "matroska";

    private static string First(string container) => container.Split(',')[0];
}

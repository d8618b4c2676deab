namespace VideoUnderstanding.Media;

/// <summary>The supported kinds of files, by FFmpeg's demuxer names.</summary>
internal static class Containers
{
    /// <summary>Only demuxers that read nothing but the file itself. Playlists (hls, dash, concat), scripts, devices and pictures are
    /// excluded, because they make FFmpeg open other files or addresses that an uploader names.</summary>
    public static string Allowed { get; } = string.Join(',',
        "mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi", "flv", "live_flv", "asf", "mpegts", "mpeg", "ogg", "mxf",
        "nut", "rm", "dv", "gif", "ivf", "dhav", "h264", "hevc", "mpegvideo", "m4v", "obu",
        "wav", "w64", "aiff", "caf", "flac", "mp3", "aac", "ac3", "eac3", "amr", "wv");

    /// <summary>True for streams that can be concatenated, so that their timestamps may restart. FFmpeg joins the parts when it reads them
    /// with <see cref="Joining"/>.</summary>
    public static bool TimestampsMayRestart(string container) => First(container) is "mpegts" or "mpeg" or "ogg" or "flv";

    /// <summary>The demuxer that joins parts. For FLV this is the one for live streams.</summary>
    public static string Joining(string demuxer) => demuxer == "flv" ? "live_flv" : demuxer;

    /// <summary>True for elementary video streams.</summary>
    public static bool HasNoTimestamps(string container) => First(container) is "h264" or "hevc" or "mpegvideo" or "m4v" or "obu";

    /// <summary>True if the length of each frame is stored, including that of the last one.</summary>
    public static bool StoresFrameLengths(string container) => First(container) is "mov";

    /// <summary>True if an index gives the exact packet of a seek; otherwise a seek may land too late.</summary>
    public static bool SeeksExactly(string container) => First(container) is "mov" or "matroska";

    private static string First(string container) => container.Split(',')[0];
}

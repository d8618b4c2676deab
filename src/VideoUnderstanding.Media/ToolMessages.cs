using System.Text.RegularExpressions;

namespace VideoUnderstanding.Media;

/// <summary>Converts FFmpeg's messages to sentences for the user.</summary>
internal static partial class ToolMessages
{
    private const int MaxCharacters = 200;

    /// <summary>Returns the first message about the content, in brackets, without memory addresses and paths of the server; an empty text
    /// if there is none.</summary>
    public static string Reason(string errorTail)
    {
        foreach (var line in errorTail.Split('\n'))
        {
            var text = Origin().Replace(line, "").Trim();
            if (text.Length is 0 or > MaxCharacters || text.Contains('/', StringComparison.Ordinal)
                || text.Contains("deprecated", StringComparison.Ordinal))
                continue;
            return $" ({text.TrimEnd('.')})";
        }
        return "";
    }

    /// <summary>Error message for a file that ffprobe could not read.</summary>
    public static string Unreadable(string errorTail)
        => errorTail.Contains("not on whitelist", StringComparison.Ordinal)
            ? "The file is neither a video nor a sound recording of a supported kind; playlists, pictures and documents are not read."
            : errorTail.Contains("max_streams", StringComparison.Ordinal) ? "The file can not be read: it has far too many tracks."
            : errorTail.Contains("Cannot allocate memory", StringComparison.Ordinal)
                ? "The file can not be read: it needs more memory than a file may use."
            : $"The file can not be read: it is broken, cut off, or not media at all{Reason(errorTail)}.";

    /// <summary>The FFmpeg component and the path of the input before the message.</summary>
    [GeneratedRegex(@"^(\[[^\]]*\]\s*)*((file:)?/.*?:\s)?")]
    private static partial Regex Origin();
}

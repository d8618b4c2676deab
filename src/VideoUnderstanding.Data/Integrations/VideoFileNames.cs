namespace VideoUnderstanding.Data.Integrations;

/// <summary>Detects video files by their extension.</summary>
public static class VideoFileNames
{
    private static readonly string[] Endings =
    [
        ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".wmv", ".flv", ".mpg", ".mpeg", ".ts", ".m2ts", ".mts", ".3gp", ".ogv", ".mxf",
    ];

    public static bool IsVideo(string name) => Endings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);
}

/// <summary>A video file of a bucket or a folder.</summary>
/// <param name="Address">Address in transfer format.</param>
/// <param name="Size">Size in bytes.</param>
public sealed record ListedFile(string Address, long Size, DateTimeOffset ModifiedAt);

/// <summary>The video files of a bucket or a folder.</summary>
/// <param name="IsTruncated">True if there are more files than the limit, or too many other files.</param>
public sealed record FileListing(IReadOnlyList<ListedFile> Files, bool IsTruncated);

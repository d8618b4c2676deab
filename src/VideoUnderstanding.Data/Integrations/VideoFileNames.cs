namespace VideoUnderstanding.Data.Integrations;

/// <summary>Which files of a folder or a bucket are taken for videos, by their names.</summary>
public static class VideoFileNames
{
    private static readonly string[] Endings =
    [
        ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".wmv", ".flv", ".mpg", ".mpeg", ".ts", ".m2ts", ".mts", ".3gp", ".ogv", ".mxf",
    ];

    public static bool IsVideo(string name) => Endings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);
}

/// <summary>A video file of a bucket or a folder.</summary>
/// <param name="Address">As a transfer names it.</param>
/// <param name="Size">Bytes.</param>
public sealed record ListedFile(string Address, long Size, DateTimeOffset ModifiedAt);

/// <summary>The video files of a bucket or a folder.</summary>
/// <param name="IsTruncated">True if there are more than these, or more other files than are looked through.</param>
public sealed record FileListing(IReadOnlyList<ListedFile> Files, bool IsTruncated);

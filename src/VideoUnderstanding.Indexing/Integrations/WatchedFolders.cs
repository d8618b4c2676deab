using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Integrations;
using VideoUnderstanding.Data.Objects;
using VideoUnderstanding.Indexing.Fetching;

namespace VideoUnderstanding.Indexing.Integrations;

/// <summary>Folders of this machine that integrations watch. They must be below the configured folders; symbolic links out of these are not
/// followed.</summary>
public sealed class WatchedFolders(IOptions<IntegrationOptions> options)
{
    private const int MaxDepth = 20;

    /// <summary>Maximum file system entries to inspect per listed file.</summary>
    private const int EntriesPerFile = 10;

    /// <summary>Skips names that start with a dot, which copy tools use for incomplete files.</summary>
    private static readonly EnumerationOptions Below = new()
    {
        RecurseSubdirectories = true, MaxRecursionDepth = MaxDepth, IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden,
    };

    private readonly string[] _roots = [.. options.Value.Folders.Select(root => Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)))];

    /// <summary>Returns the reason why a folder may not be watched; null if it may. The folder need not exist.</summary>
    public string? CheckFolder(string folder)
    {
        if (_roots.Length == 0)
            return "This server watches no folders: VideoUnderstanding:Integrations:Folders is not set.";
        if (!Path.IsPathFullyQualified(folder) || folder.Contains('\0') || folder.Split('/').Any(part => part is "." or ".."))
            return "The folder must be a full path without . and .. in it.";
        try
        {
            return _roots.Any(root => IsWithin(root, folder) && IsWithin(RealPath.Resolve(root), RealPath.Resolve(folder)))
                ? null
                : $"The folder {folder} does not lie in a folder of VideoUnderstanding:Integrations:Folders.";
        }
        catch (IOException)
        {
            return $"The folder {folder} leads through too many links.";
        }
    }

    /// <summary>Returns the path in the form in which it is stored.</summary>
    public static string Normalize(string folder) => Path.TrimEndingDirectorySeparator(folder.Trim());

    /// <summary>Lists the video files in the folder and its subfolders. Skips empty files, pipes and devices.</summary>
    /// <param name="maxFiles">Maximum number of files.</param>
    /// <exception cref="FetchException">The folder may not be watched, does not exist, or cannot be read.</exception>
    public FileListing List(string folder, int maxFiles, CancellationToken cancellationToken)
    {
        if (CheckFolder(folder) is { } reason)
            throw new FetchException(reason);
        var (files, entries, real) = (new List<ListedFile>(), 0L, RealPath.Resolve(folder));
        try
        {
            // CheckFolder has resolved the links in the folder's own path; links below it are not followed.
            foreach (var entry in new DirectoryInfo(real).EnumerateFileSystemInfos("*", Below))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (++entries > (long)maxFiles * EntriesPerFile)
                    return new FileListing(files, IsTruncated: true);
                if (entry is not FileInfo file || !VideoFileNames.IsVideo(file.Name)
                    || Read(file, AddressOf(folder, Path.GetRelativePath(real, file.FullName))) is not { } listed)
                    continue;
                if (files.Count == maxFiles)
                    return new FileListing(files, IsTruncated: true);
                files.Add(listed);
            }
            return new FileListing(files, IsTruncated: false);
        }
        catch (DirectoryNotFoundException missing)
        {
            throw new FetchException($"There is no folder {folder}.", inner: missing, isTransient: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new FetchException($"The folder {folder} cannot be read.", inner: failure, isTransient: true);
        }
    }

    /// <summary>Returns null for an empty file and for one that was removed meanwhile.</summary>
    private static ListedFile? Read(FileInfo file, string address)
    {
        try
        {
            return file.Length > 0 ? new ListedFile(address, file.Length, new DateTimeOffset(file.LastWriteTimeUtc)) : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static bool IsWithin(string root, string path) => path == root || RealPath.IsBelow(root, path);

    private static string AddressOf(string folder, string below)
        => SharedFolder.Prefix + ObjectAddress.Escape($"{folder}/{below}");
}

using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Objects;
using VideoUnderstanding.Indexing.Integrations;

namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>Opens <c>file://</c> addresses below the configured folder and the account's watched folders. Neither <c>..</c> nor symbolic
/// links can leave them.</summary>
public sealed class SharedFolder(IOptions<TransferOptions> options, WatchedFolders watched)
{
    public const string Prefix = "file://";

    private const string LocalHostName = "localhost";

    private readonly string? _root = options.Value.FileRoot is { Length: > 0 } root
        ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(root))
        : null;

    /// <summary>Returns true if the text starts with <c>file://</c>.</summary>
    public static bool IsFileAddress(string text) => text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns the path of the address, checked without access to the file system.</summary>
    /// <param name="integrations">Integrations of the account.</param>
    /// <exception cref="FormatException">The path is not below an allowed folder; the message is for the user.</exception>
    public string Locate(string address, IReadOnlyList<Integration> integrations)
    {
        var roots = Roots(integrations).ToList();
        if (roots.Count == 0)
            throw new FormatException("This server reads no files of its own machine: VideoUnderstanding:Transfers:FileRoot is not set.");
        var rest = address[Prefix.Length..];
        if (rest.StartsWith($"{LocalHostName}/", StringComparison.OrdinalIgnoreCase))
            rest = rest[LocalHostName.Length..];
        var path = Uri.UnescapeDataString(rest);
        if (!path.StartsWith('/') || path.EndsWith('/') || path.Contains('\0'))
            throw new FormatException("It must be written file:///folder/name, with the full path of a file.");
        if (path.Split('/').Any(part => part is "." or "..") || !roots.Any(root => RealPath.IsBelow(root, path)))
            throw new FormatException("It does not lie below the folder that this server may read.");
        return path;
    }

    /// <exception cref="FormatException">The path is not below an allowed folder.</exception>
    /// <exception cref="FetchException">The file does not exist, cannot be read, or a symbolic link leads out of the folder.</exception>
    public FileStream Open(string address, IReadOnlyList<Integration> integrations)
    {
        var named = Locate(address, integrations);
        try
        {
            var path = RealPath.Resolve(named);
            foreach (var root in Roots(integrations).Where(root => RealPath.IsBelow(root, named)).Select(RealPath.Resolve))
                if (RealPath.IsBelow(root, path) && File.Exists(path)
                    && new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous) is var file)
                {
                    // Checks the open file again, because a symbolic link can be created after the first check.
                    if (RealPath.IsBelow(root,
                        new FileInfo($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}").LinkTarget ?? ""))
                        return file;
                    file.Dispose();
                }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new FetchException($"The file {named} cannot be read.", inner: failure);
        }
        throw new FetchException($"There is no file {named} that this server may read.");
    }

    private IEnumerable<string> Roots(IReadOnlyList<Integration> integrations)
        => integrations.Select(one => one.Folder).OfType<string>().Where(folder => watched.CheckFolder(folder) is null)
            .Concat(_root is null ? [] : [_root]);
}

/// <summary>Resolves symbolic links in paths.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <summary>Returns the path with all symbolic links resolved.</summary>
    /// <exception cref="IOException">The path has more than <see cref="MaxLinks"/> links.</exception>
    public static string Resolve(string path)
    {
        var links = 0;
        var (resolved, open) = ("/", new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse()));
        while (open.TryPop(out var part))
        {
            if (part == ".")
                continue;
            var next = part == ".." ? Path.GetDirectoryName(resolved) ?? "/" : Path.Combine(resolved, part);
            if (part == ".." || new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }
            if (++links > MaxLinks)
                throw new IOException($"More than {MaxLinks} links.");
            if (target.StartsWith('/'))
                resolved = "/";
            foreach (var step in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                open.Push(step);
        }
        return resolved;
    }

    public static bool IsBelow(string folder, string path) => path.StartsWith(folder + "/", StringComparison.Ordinal);
}

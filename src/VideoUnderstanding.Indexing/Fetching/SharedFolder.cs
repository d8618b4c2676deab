using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Objects;
using VideoUnderstanding.Indexing.Integrations;

namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>The folders below which <c>file://</c> addresses may read: the one of the settings, and the watched ones of the account.
/// Neither <c>..</c> nor a link leads out of them.</summary>
public sealed class SharedFolder(IOptions<TransferOptions> options, WatchedFolders watched)
{
    public const string Prefix = "file://";

    private const string ThisMachine = "localhost";

    private readonly string? _root = options.Value.FileRoot is { Length: > 0 } root
        ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(root))
        : null;

    /// <summary>Whether the text says that it is such an address.</summary>
    public static bool Fits(string text) => text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The path that the address means, judged by its text alone.</summary>
    /// <param name="own">The integrations of the account that names it.</param>
    /// <exception cref="FormatException">Not below a folder; the message is a sentence for the user.</exception>
    public string Locate(string address, IReadOnlyList<Integration> own)
    {
        var roots = Roots(own).ToList();
        if (roots.Count == 0)
            throw new FormatException("This server reads no files of its own machine: VideoUnderstanding:Transfers:FileRoot is not set.");
        var rest = address[Prefix.Length..];
        if (rest.StartsWith($"{ThisMachine}/", StringComparison.OrdinalIgnoreCase))
            rest = rest[ThisMachine.Length..];
        var path = Uri.UnescapeDataString(rest);
        if (!path.StartsWith('/') || path.EndsWith('/') || path.Contains('\0'))
            throw new FormatException("It must be written file:///folder/name, with the full path of a file.");
        if (path.Split('/').Any(part => part is "." or "..") || !roots.Any(root => RealPath.IsBelow(root, path)))
            throw new FormatException("It does not lie below the folder that this server may read.");
        return path;
    }

    /// <exception cref="FormatException">The address is not below a folder.</exception>
    /// <exception cref="FetchException">The file is not there, can not be read, or a link leads out of the folder.</exception>
    public FileStream Open(string address, IReadOnlyList<Integration> own)
    {
        var named = Locate(address, own);
        try
        {
            var path = RealPath.Follow(named);
            foreach (var root in Roots(own).Where(root => RealPath.IsBelow(root, named)).Select(RealPath.Follow))
                if (RealPath.IsBelow(root, path) && File.Exists(path)
                    && new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous) is var file)
                {
                    // Also asked of the open file: a link that was put in after the look above changes nothing.
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

    private IEnumerable<string> Roots(IReadOnlyList<Integration> own)
        => own.Select(one => one.Folder).OfType<string>().Where(folder => watched.Forbids(folder) is null)
            .Concat(_root is null ? [] : [_root]);
}

/// <summary>Paths without links.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <summary>The path with each of its folders followed.</summary>
    /// <exception cref="IOException">There are too many links.</exception>
    public static string Follow(string path)
    {
        var links = 0;
        var (done, open) = ("/", new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse()));
        while (open.TryPop(out var part))
        {
            if (part == ".")
                continue;
            var next = part == ".." ? Path.GetDirectoryName(done) ?? "/" : Path.Combine(done, part);
            if (part == ".." || new FileInfo(next).LinkTarget is not { } target)
            {
                done = next;
                continue;
            }
            if (++links > MaxLinks)
                throw new IOException($"More than {MaxLinks} links.");
            if (target.StartsWith('/'))
                done = "/";
            foreach (var step in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                open.Push(step);
        }
        return done;
    }

    public static bool IsBelow(string folder, string path) => path.StartsWith(folder + "/", StringComparison.Ordinal);
}

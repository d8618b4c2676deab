using System.Globalization;
using System.Text.RegularExpressions;

namespace VideoUnderstanding.Operations.Database;

/// <summary>An installed PostgreSQL server.</summary>
/// <param name="Folder">Folder of <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>.</param>
/// <param name="Major">15, 17, …</param>
/// <param name="VectorVersion">Version of pgvector for this server; null if it is not installed.</param>
public sealed partial record PostgresBinaries(string Folder, int Major, string? VectorVersion)
{
    private static readonly string[] Roots = ["/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt", "/usr/local/opt"];

    public string Tool(string name) => Path.Combine(Folder, name);

    /// <summary>All installed servers, newest first.</summary>
    /// <param name="configuredFolder">If not empty, only this folder is searched.</param>
    public static IReadOnlyList<PostgresBinaries> FindAll(string configuredFolder)
    {
        return [.. FoldersWith(configuredFolder, "initdb", "pg_ctl", "postgres")
            .Select(found => new PostgresBinaries(found.Folder, found.Major, VectorOf(found.Folder, found.Major)))];
    }

    /// <summary>All folders with the given tools, with their versions, newest first.</summary>
    /// <param name="configuredFolder">If not empty, only this folder is searched.</param>
    internal static IEnumerable<(string Folder, int Major)> FoldersWith(string configuredFolder, params string[] tools)
    {
        IEnumerable<string> folders = configuredFolder.Length > 0
            ? [configuredFolder]
            : Roots.Where(Directory.Exists).SelectMany(root => Directory.GetDirectories(root).Append(root))
                .Select(folder => Path.Combine(folder, "bin")).Concat(FoldersOfPath(tools[0]));
        return folders.Distinct().Where(folder => tools.All(tool => File.Exists(Path.Combine(folder, tool))))
            .Select(folder => (Folder: folder, Major: MajorOf(folder))).Where(found => found.Major is not null)
            .Select(found => (found.Folder, found.Major!.Value))
            .OrderByDescending(found => found.Value);
    }

    /// <summary>Chooses the server for a cluster.</summary>
    /// <param name="clusterMajor">Version that created the cluster; null for a new one.</param>
    /// <exception cref="DatabaseUnavailableException">No installed server is suitable; the message names what to install.</exception>
    public static PostgresBinaries Choose(IReadOnlyList<PostgresBinaries> installed, int? clusterMajor)
    {
        if (installed.Count == 0)
            throw new DatabaseUnavailableException("No PostgreSQL server is installed. Install it with: sudo deploy/install.sh (or set "
                + "ConnectionStrings__Database to use another server).");
        if (clusterMajor is { } wanted)
            return installed.FirstOrDefault(found => found.Major == wanted && found.VectorVersion is not null)
                ?? throw new DatabaseUnavailableException(
                    $"The data folder was written by PostgreSQL {wanted}, but only {Names(installed)} can be used here. Install "
                        + $"postgresql-{wanted} with pgvector, or move the data with vu backup and vu restore as docs/backup.md "
                        + $"describes.");
        return installed.FirstOrDefault(found => found.VectorVersion is not null) ?? throw new DatabaseUnavailableException(
            $"{Names(installed)} is installed, but without the extension pgvector. Install it with: sudo deploy/install.sh");
    }

    private static string Names(IEnumerable<PostgresBinaries> installed)
        => string.Join(", ",
            installed.Select(found => $"PostgreSQL {found.Major}{(found.VectorVersion is null ? " without pgvector" : "")}"));

    private static IEnumerable<string> FoldersOfPath(string tool)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, tool)).Where(File.Exists)
            .Select(path => Path.GetDirectoryName(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path)!);

    /// <summary>Packages have one folder per version, named by it; for others the version is read from pg_config.h.</summary>
    private static int? MajorOf(string folder)
    {
        var name = Path.GetFileName(Path.GetDirectoryName(folder)) ?? "";
        if (VersionAtEnd().Match(name) is { Success: true } match)
            return int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        var header = Path.Combine(folder, "..", "include", "pg_config.h");
        return File.Exists(header) && HeaderVersion().Match(File.ReadAllText(header)) is { Success: true } found
            ? int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture)
            : null;
    }

    private static string? VectorOf(string folder, int major)
    {
        string[] shares = [$"/usr/share/postgresql/{major}", Path.Combine(folder, "..", "share"),
            Path.Combine(folder, "..", "share", "postgresql")];
        var control = shares.Select(share => Path.Combine(share, "extension", "vector.control")).FirstOrDefault(File.Exists);
        return control is null ? null : DefaultVersion().Match(File.ReadAllText(control)) is { Success: true } match ? match.Groups[1].Value
            : "unknown";
    }

    [GeneratedRegex(@"(?:^|[-@])(\d{2})$")]
    private static partial Regex VersionAtEnd();

    [GeneratedRegex("""#define PG_MAJORVERSION_NUM (\d+)""")]
    private static partial Regex HeaderVersion();

    [GeneratedRegex("""default_version\s*=\s*'([^']+)'""")]
    private static partial Regex DefaultVersion();
}

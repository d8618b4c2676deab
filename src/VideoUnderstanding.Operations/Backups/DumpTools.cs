using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.Operations.Backups;

/// <summary><c>pg_dump</c> and <c>pg_restore</c> of one version.</summary>
/// <param name="Major">15, 17, …</param>
public sealed record DumpTools(string Folder, int Major)
{
    /// <summary>Large databases take hours; the operator may interrupt.</summary>
    private static readonly ToolLimits Limits = new() { Time = TimeSpan.FromHours(24) };

    /// <param name="configuredFolder">If not empty, only this folder is searched.</param>
    public static IReadOnlyList<DumpTools> FindAll(string configuredFolder)
        => [.. PostgresBinaries.FoldersWith(configuredFolder, "pg_dump", "pg_restore")
            .Select(found => new DumpTools(found.Folder, found.Major))];

    /// <summary>The tools of the given version, otherwise of the next newer one: older tools refuse a newer server.</summary>
    /// <param name="oldest">Minimum version: that of the server, and of the tool that wrote the dump.</param>
    /// <exception cref="BackupException">No suitable version is installed.</exception>
    public static DumpTools Choose(IReadOnlyList<DumpTools> installed, int oldest)
        => installed.Where(tools => tools.Major >= oldest).MinBy(tools => tools.Major) ?? throw new BackupException(
            $"pg_dump and pg_restore of PostgreSQL {oldest} are needed, and "
                + $"{(installed.Count == 0 ? "none are"
                    : "only those of " + string.Join(", ", installed.Select(tools => tools.Major)) + " are")} installed. "
            + $"Install the package postgresql-client-{oldest}.");

    /// <param name="snapshot">Name of an exported snapshot.</param>
    internal Task DumpAsync(LibpqAddress database, string snapshot, string path, CancellationToken cancellationToken)
        => RunAsync("pg_dump", DumpArguments(database.Text, snapshot, path), cancellationToken);

    /// <summary>Restores everything in one transaction.</summary>
    internal async Task RestoreAsync(LibpqAddress database, string path, string listPath, CancellationToken cancellationToken)
    {
        var list = await RunAsync("pg_restore", ["--list", path], cancellationToken);
        await File.WriteAllTextAsync(listPath, WithoutExtensionComments(list.Text), cancellationToken);
        await RunAsync("pg_restore", RestoreArguments(database.Text, path, listPath), cancellationToken);
    }

    internal static string[] DumpArguments(string database, string snapshot, string path) =>
        [$"--dbname={database}", "--no-password", "--format=custom", "--no-owner", "--no-privileges", $"--snapshot={snapshot}",
            $"--file={path}"];

    internal static string[] RestoreArguments(string database, string path, string listPath) =>
        [$"--dbname={database}", "--no-password", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
            $"--use-list={listPath}", path];

    /// <summary>The database's user may not be allowed to comment on an extension that an administrator created.</summary>
    internal static string WithoutExtensionComments(string list)
        => string.Join('\n', list.Split('\n').Where(line => !line.Contains(" COMMENT - EXTENSION ", StringComparison.Ordinal)));

    private async Task<ToolOutput> RunAsync(string tool, string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await ToolProcess.RunAsync(Path.Combine(Folder, tool), arguments, Limits, cancellationToken);
        }
        catch (ToolException failed)
        {
            throw new BackupException(failed.Message, failed);
        }
    }
}

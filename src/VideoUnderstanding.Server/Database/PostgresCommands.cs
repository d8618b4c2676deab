using System.Globalization;
using VideoUnderstanding.Data;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Server.Database;

/// <summary>Runs PostgreSQL's own tools on one cluster, as an unprivileged user where the server is root.</summary>
public sealed class PostgresCommands(ClusterFolder folder, PostgresBinaries binaries, EmbeddedDatabaseOptions options)
{
    private IReadOnlyList<string> prefix = [];

    /// <summary>Finds the user to run as, and lets it reach the cluster folder. Nothing to do unless the server is root.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
            return;
        var user = await IdAsync("-u", cancellationToken);
        var group = await IdAsync("-g", cancellationToken);
        var groups = await OpenParentsAsync(user, group, cancellationToken);
        prefix = [$"--reuid={user}", $"--regid={group}", $"--groups={string.Join(',', groups)}", "--"];
    }

    public async Task CreateClusterAsync(CancellationToken cancellationToken)
    {
        // One name, so that what a killed server left is written over, and removed, by the next.
        var password = Path.Combine(folder.DataFolder, "postgres.password.new");
        if (Directory.Exists(folder.Unfinished))
            Directory.Delete(folder.Unfinished, recursive: true);
        Directory.CreateDirectory(folder.Unfinished, PrivateFile.FolderMode);
        try
        {
            await using (var file = new FileStream(password, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = PrivateFile.Mode }))
                await file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(folder.Password()), cancellationToken);
            if (prefix.Count > 0)
                await AskAsync("chown", [$"{options.User}:", folder.Unfinished, password], cancellationToken);
            await RunAsync("initdb", InitArguments(folder.Unfinished, password), cancellationToken);
            await File.AppendAllTextAsync(Path.Combine(folder.Unfinished, "postgresql.conf"), $"\ninclude = '{Path.GetFileName(folder.Settings)}'\n", cancellationToken);
        }
        finally
        {
            File.Delete(password);
        }
        Directory.Move(folder.Unfinished, folder.Cluster);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await PrepareSocketFolderAsync(cancellationToken);
        await File.WriteAllTextAsync(folder.Settings, SettingsText(options, folder.SocketFolder), cancellationToken);
        await RunAsync("pg_ctl", StartArguments(folder.Cluster, folder.StartLog, options.StartSeconds), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => RunAsync("pg_ctl", StopArguments(folder.Cluster), cancellationToken);

    /// <summary>Checksums let a damaged page be noticed; C.UTF-8 is part of every Debian and sorts the same on all of them.</summary>
    internal static string[] InitArguments(string cluster, string passwordFile) =>
        ["-D", cluster, $"--username={ClusterFolder.Name}", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", $"--pwfile={passwordFile}", "--data-checksums"];

    /// <summary>The log file matters twice: without it the database would hold this process's pipe open for ever.</summary>
    internal static string[] StartArguments(string cluster, string log, int seconds) =>
        ["start", "-s", "-w", "-t", seconds.ToString(CultureInfo.InvariantCulture), "-D", cluster, "-l", log];

    internal static string[] StopArguments(string cluster) => ["stop", "-s", "-w", "-t", "60", "-m", "fast", "-D", cluster];

    /// <summary>Written anew at each start. No address is listened on: the socket is the only door.</summary>
    internal static string SettingsText(EmbeddedDatabaseOptions options, string socketFolder) => string.Create(CultureInfo.InvariantCulture, $"""
        # Written by the server at each start. Own settings belong into postgresql.conf, after the line that includes this file.
        listen_addresses = ''
        port = 5432
        unix_socket_directories = '{socketFolder.Replace("'", "''", StringComparison.Ordinal)}'
        unix_socket_permissions = 0700
        max_connections = {options.MaxConnections}
        shared_buffers = {options.SharedBuffersMegabytes}MB
        maintenance_work_mem = {options.SharedBuffersMegabytes}MB
        random_page_cost = 1.1
        dynamic_shared_memory_type = posix
        logging_collector = on
        log_filename = 'postgresql-%a.log'
        log_truncate_on_rotation = on
        log_rotation_age = 1d
        timezone = 'UTC'

        """);

    private Task RunAsync(string tool, string[] arguments, CancellationToken cancellationToken)
    {
        var command = prefix.Count == 0 ? new ToolCommand(binaries.Tool(tool), arguments) : new ToolCommand("setpriv", [.. prefix, binaries.Tool(tool), .. arguments]);
        // Away from the current folder: the user may not be allowed to stand in it.
        return ToolProcess.RunAsync(command with { WorkingDirectory = "/" }, new ToolLimits { Time = TimeSpan.FromSeconds(options.StartSeconds + 60) }, cancellationToken);
    }

    private static async Task<string> AskAsync(string tool, string[] arguments, CancellationToken cancellationToken)
        => (await ToolProcess.RunAsync(tool, arguments, new ToolLimits(), cancellationToken)).Text.Trim();

    private async Task<int> IdAsync(string option, CancellationToken cancellationToken)
    {
        try
        {
            return int.Parse(await AskAsync("id", [option, options.User], cancellationToken), CultureInfo.InvariantCulture);
        }
        catch (ToolException missing)
        {
            throw new DatabaseUnavailableException(
                $"PostgreSQL can not run as root, and there is no user named {options.User} to run it as. Create one, or name another in VideoUnderstanding__EmbeddedDatabase__User.", missing);
        }
    }

    private async Task PrepareSocketFolderAsync(CancellationToken cancellationToken)
    {
        if (folder.SocketFolder == folder.Cluster)
            return;
        Directory.CreateDirectory(folder.SocketFolder, PrivateFile.FolderMode);
        if (prefix.Count > 0)
            await AskAsync("chown", [$"{options.User}:", folder.SocketFolder], cancellationToken);
    }

    /// <summary>
    /// Lets the user pass through the folders above the cluster. A closed one (such as root's home) is not opened to everybody: its group may pass, and the
    /// database process alone is put into that group.
    /// </summary>
    private async Task<IReadOnlyCollection<int>> OpenParentsAsync(int user, int group, CancellationToken cancellationToken)
    {
        var groups = new SortedSet<int> { group };
        for (var parent = folder.DataFolder; parent is not null; parent = Path.GetDirectoryName(parent))
        {
            var mode = File.GetUnixFileMode(parent);
            if (mode.HasFlag(UnixFileMode.OtherExecute))
                continue;
            var owners = (await AskAsync("stat", ["-c", "%u %g", parent], cancellationToken)).Split(' ');
            if (owners[0] == user.ToString(CultureInfo.InvariantCulture) && mode.HasFlag(UnixFileMode.UserExecute))
                continue;
            if (!mode.HasFlag(UnixFileMode.GroupExecute))
                File.SetUnixFileMode(parent, mode | UnixFileMode.GroupExecute);
            groups.Add(int.Parse(owners[1], CultureInfo.InvariantCulture));
        }
        return groups;
    }
}

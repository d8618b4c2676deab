using System.Globalization;
using VideoUnderstanding.Data;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Operations.Database;

/// <summary>Runs PostgreSQL's tools on one cluster, as an unprivileged user if the server runs as root.</summary>
public sealed class PostgresCommands(ClusterFolder folder, PostgresBinaries binaries, EmbeddedDatabaseOptions options)
{
    /// <summary>Timeout for connections to end after a shutdown request.</summary>
    private static readonly TimeSpan BackendTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Timeout for the shutdown checkpoint.</summary>
    private static readonly TimeSpan CheckpointTimeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Maximum memory for building one index.</summary>
    private const int MaxMaintenanceMegabytes = 1_024;

    private IReadOnlyList<string> _prefix = [];

    /// <summary>Determines the user of PostgreSQL and gives it access to the cluster folder. Does nothing unless the server runs as
    /// root.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
            return;
        var user = await IdAsync("-u", cancellationToken);
        var group = await IdAsync("-g", cancellationToken);
        var groups = await OpenParentsAsync(user, group, cancellationToken);
        _prefix = [$"--reuid={user}", $"--regid={group}", $"--groups={string.Join(',', groups)}", "--"];
    }

    public async Task CreateClusterAsync(CancellationToken cancellationToken)
    {
        // A fixed name, so that the next start overwrites and removes the file of a killed server.
        var password = Path.Combine(folder.DataFolder, "postgres.password.new");
        if (Directory.Exists(folder.Unfinished))
            Directory.Delete(folder.Unfinished, recursive: true);
        Directory.CreateDirectory(folder.Unfinished, PrivateFile.FolderMode);
        try
        {
            await using (var file = new FileStream(password,
                new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = PrivateFile.Mode }))
                await file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(folder.Password()), cancellationToken);
            if (_prefix.Count > 0)
                await ReadOutputAsync("chown", [$"{options.User}:", folder.Unfinished, password], cancellationToken);
            await RunAsync("initdb", InitArguments(folder.Unfinished, password), cancellationToken);
            await File.AppendAllTextAsync(Path.Combine(folder.Unfinished, "postgresql.conf"),
                $"\ninclude = '{Path.GetFileName(folder.Settings)}'\n", cancellationToken);
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

    /// <summary>Ends all connections and stops the database. If a connection does not end, because its statement cannot be interrupted, the
    /// database is stopped immediately, which loses no committed data.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetTimestamp();
        await RunAsync("pg_ctl", StopArguments(folder.Cluster, "fast", "-W"), cancellationToken);
        while (folder.Running() is { } running)
        {
            var waited = TimeProvider.System.GetElapsedTime(since);
            if (waited > CheckpointTimeout || (waited > BackendTimeout && running.HasBackends()))
            {
                await StopNowAsync(cancellationToken);
                return;
            }
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    /// <summary>Stops the database immediately; it recovers at the next start.</summary>
    public Task StopNowAsync(CancellationToken cancellationToken)
        => RunAsync("pg_ctl", StopArguments(folder.Cluster, "immediate", "-w"), cancellationToken);

    /// <summary>Checksums detect damaged pages; C.UTF-8 exists on every Debian and sorts the same on all of them.</summary>
    internal static string[] InitArguments(string cluster, string passwordFile) =>
        ["-D", cluster, $"--username={ClusterFolder.Name}", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256",
            $"--pwfile={passwordFile}", "--data-checksums"];

    /// <summary>Without the log file the database would keep this process's pipe open.</summary>
    internal static string[] StartArguments(string cluster, string log, int seconds) =>
        ["start", "-s", "-w", "-t", seconds.ToString(CultureInfo.InvariantCulture), "-D", cluster, "-l", log];

    /// <param name="waiting">-w waits until it has stopped, -W does not.</param>
    internal static string[] StopArguments(string cluster, string mode, string waiting) =>
        ["stop", "-s", waiting, "-t", "60", "-m", mode, "-D", cluster];

    /// <summary>Written at each start. The database listens on a socket only.</summary>
    internal static string SettingsText(EmbeddedDatabaseOptions options, string socketFolder)
    {
        var buffers = options.SharedBuffersOf(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        return string.Create(CultureInfo.InvariantCulture, $"""
            # Written by the server at each start. Own settings belong into postgresql.conf, after the line that includes this file.
            listen_addresses = ''
            port = 5432
            unix_socket_directories = '{socketFolder.Replace("'", "''", StringComparison.Ordinal)}'
            unix_socket_permissions = 0700
            max_connections = {options.MaxConnections}
            shared_buffers = {buffers}MB
            maintenance_work_mem = {Math.Min(buffers, MaxMaintenanceMegabytes)}MB
            random_page_cost = 1.1
            dynamic_shared_memory_type = posix
            logging_collector = on
            log_filename = 'postgresql-%a.log'
            log_truncate_on_rotation = on
            log_rotation_age = 1d
            timezone = 'UTC'

            """);
    }

    private Task RunAsync(string tool, string[] arguments, CancellationToken cancellationToken)
    {
        var command = _prefix.Count == 0 ? new ToolCommand(binaries.Tool(tool), arguments)
            : new ToolCommand("setpriv", [.. _prefix, binaries.Tool(tool), .. arguments]);
        // Not the current folder, which the user may not be allowed to enter.
        return ToolProcess.RunAsync(command with { WorkingDirectory = "/" },
            new ToolLimits { Time = TimeSpan.FromSeconds(options.StartSeconds + 60) }, cancellationToken);
    }

    private static async Task<string> ReadOutputAsync(string tool, string[] arguments, CancellationToken cancellationToken)
        => (await ToolProcess.RunAsync(tool, arguments, new ToolLimits(), cancellationToken)).Text.Trim();

    private async Task<int> IdAsync(string option, CancellationToken cancellationToken)
    {
        try
        {
            return int.Parse(await ReadOutputAsync("id", [option, options.User], cancellationToken), CultureInfo.InvariantCulture);
        }
        catch (ToolException missing)
        {
            throw new DatabaseUnavailableException(
                $"PostgreSQL cannot run as root, and the user {options.User} does not exist. Create one, or name another in "
                    + $"VideoUnderstanding__EmbeddedDatabase__User.", missing);
        }
    }

    private async Task PrepareSocketFolderAsync(CancellationToken cancellationToken)
    {
        if (folder.SocketFolder == folder.Cluster)
            return;
        Directory.CreateDirectory(folder.SocketFolder, PrivateFile.FolderMode);
        if (_prefix.Count > 0)
            await ReadOutputAsync("chown", [$"{options.User}:", folder.SocketFolder], cancellationToken);
    }

    /// <summary>Gives the database's user access to the folders above the cluster. A folder that others cannot enter (such as root's home)
    /// is opened to its group only, and only the database process is put into that group.</summary>
    private async Task<IReadOnlyCollection<int>> OpenParentsAsync(int user, int group, CancellationToken cancellationToken)
    {
        var groups = new SortedSet<int> { group };
        for (var parent = folder.DataFolder; parent is not null; parent = Path.GetDirectoryName(parent))
        {
            var mode = File.GetUnixFileMode(parent);
            if (mode.HasFlag(UnixFileMode.OtherExecute))
                continue;
            var owners = (await ReadOutputAsync("stat", ["-c", "%u %g", parent], cancellationToken)).Split(' ');
            if (owners[0] == user.ToString(CultureInfo.InvariantCulture) && mode.HasFlag(UnixFileMode.UserExecute))
                continue;
            if (!mode.HasFlag(UnixFileMode.GroupExecute))
                File.SetUnixFileMode(parent, mode | UnixFileMode.GroupExecute);
            groups.Add(int.Parse(owners[1], CultureInfo.InvariantCulture));
        }
        return groups;
    }
}

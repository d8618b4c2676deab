using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.EndToEndTests.Scaling;

/// <summary>A PostgreSQL server on a machine of its own: a primary, or its hot standby.</summary>
internal sealed class MachinePostgres : IAsyncDisposable
{
    private const string User = "tests";
    private readonly PostgresBinaries _binaries = PostgresBinaries.Choose(PostgresBinaries.FindAll(""), null);
    private readonly Machine _machine;
    private readonly string _root;
    private bool _isStarted;

    private MachinePostgres(Machine machine, string root) => (_machine, _root) = (machine, root);

    public string Name => _machine.Name;

    private string Cluster => Path.Combine(_root, "cluster");

    /// <param name="pool">Maximum connections of a process.</param>
    public string ConnectionString(int pool)
        => $"Host={_machine.AddressIn(Net.Data)};Username={User};Database=postgres;Maximum Pool Size={pool}";

    /// <param name="root">A new folder.</param>
    public static async Task<MachinePostgres> StartPrimaryAsync(Machine machine, string root)
    {
        var primary = new MachinePostgres(machine, root);
        await primary.MakeFolderAsync();
        await primary.ToolAsync("initdb", "--pgdata", primary.Cluster, "--username", User, "--auth=trust", "--encoding=UTF8",
            "--locale=C.UTF-8", "--no-sync");
        // Every commit reaches the operating system, which does not fail here, so it need not reach the disk.
        await File.AppendAllTextAsync(Path.Combine(primary.Cluster, "postgresql.conf"), $"""

            listen_addresses = '{machine.AddressIn(Net.Data)}'
            unix_socket_directories = '{root}'
            max_connections = 300
            fsync = off
            wal_keep_size = 1GB
            hot_standby_feedback = on
            """);
        await File.AppendAllTextAsync(Path.Combine(primary.Cluster, "pg_hba.conf"),
            "\nhost all all 198.18.0.0/15 trust\nhost replication all 198.18.0.0/15 trust\n");
        await primary.StartAsync();
        return primary;
    }

    /// <param name="root">A new folder.</param>
    public static async Task<MachinePostgres> StartStandbyAsync(Machine machine, MachinePostgres primary, string root)
    {
        var standby = new MachinePostgres(machine, root);
        await standby.MakeFolderAsync();
        await standby.ToolAsync("pg_basebackup", "--write-recovery-conf", "--checkpoint=fast", "--pgdata", standby.Cluster, "--dbname",
            $"host={primary._machine.AddressIn(Net.Data)} user={User}");
        await File.AppendAllTextAsync(Path.Combine(standby.Cluster, "postgresql.conf"), $"""

            listen_addresses = '{machine.AddressIn(Net.Data)}'
            unix_socket_directories = '{root}'
            """);
        await standby.StartAsync();
        return standby;
    }

    /// <summary>Ends all processes at once, as a crash does, and starts the server again, which recovers from its log.</summary>
    /// <param name="pause">Time without the server.</param>
    public async Task CrashAsync(TimeSpan pause)
    {
        await ToolAsync("pg_ctl", "stop", "-s", "-w", "-m", "immediate", "-D", Cluster);
        await Task.Delay(pause);
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isStarted)
            await ToolAsync("pg_ctl", "stop", "-s", "-w", "-m", "immediate", "-D", Cluster);
    }

    private async Task StartAsync()
    {
        await ToolAsync("pg_ctl", "start", "-s", "-w", "-t", "120", "-D", Cluster, "-l", Path.Combine(_root, "log"));
        _isStarted = true;
    }

    private async Task MakeFolderAsync()
    {
        Directory.CreateDirectory(_root);
        await RunAsync(["chown", "postgres", _root]);
    }

    private Task ToolAsync(string tool, params string[] arguments)
        => RunAsync([.. _machine.Launcher, "runuser", "-u", "postgres", "--", _binaries.Tool(tool), .. arguments]);

    private static Task RunAsync(string[] command)
        => ToolProcess.RunAsync(new ToolCommand(command[0], command[1..]) { WorkingDirectory = "/" },
            new ToolLimits { Time = TimeSpan.FromMinutes(3) }, CancellationToken.None);
}

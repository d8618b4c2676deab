using Npgsql;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.IntegrationTests.Server;

/// <summary>A hot standby of an embedded database, created by pg_basebackup and kept up to date by streaming replication.</summary>
internal sealed class StandbyPostgres : IAsyncDisposable
{
    /// <summary>Port of the standby's socket, which is in the folder of the primary's socket.</summary>
    private const int Port = 5433;

    private readonly string _tools;
    private readonly string _folder;
    private readonly string[] _asUser;

    private StandbyPostgres(string tools, string folder, string[] asUser, string connectionString)
        => (_tools, _folder, _asUser, ConnectionString) = (tools, folder, asUser, connectionString);

    public string ConnectionString { get; }

    private string Log => Path.Combine(_folder, "start.log");

    /// <param name="root">A folder that the database's user can access.</param>
    public static async Task<StandbyPostgres> StartAsync(EmbeddedPostgres primary, string root)
    {
        var connection = new NpgsqlConnectionStringBuilder(primary.ConnectionString);
        // Arguments are separated by zero bytes; the first one is the program.
        var tools = Path.GetDirectoryName((await File.ReadAllTextAsync($"/proc/{primary.ProcessId}/cmdline")).Split('\0')[0])!;
        string[] asUser = Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--"] : [];
        var folder = Path.Combine(root, "standby");
        Directory.CreateDirectory(folder);
        if (asUser.Length > 0)
            await RunAsync(["chown", "postgres", folder]);
        var standby = new StandbyPostgres(tools, folder, asUser,
            new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Port = Port, Pooling = false }.ConnectionString);
        await standby.ToolAsync("pg_basebackup", "-R", "-c", "fast", "-D", folder, "-d",
            $"host={connection.Host} port={connection.Port} user={connection.Username} password={connection.Password}");
        await RunAsync([.. asUser, "chmod", "700", folder]);
        await standby.RestartAsync();
        return standby;
    }

    public Task RestartAsync()
        => ToolAsync("pg_ctl", "start", "-s", "-w", "-D", _folder, "-l", Log, "-o",
            $"-c port={Port} -c logging_collector=off -c log_statement=all");

    /// <summary>Returns the log, which contains all statements.</summary>
    public Task<string> ReadLogAsync() => File.ReadAllTextAsync(Log);

    /// <summary>Runs a query without parameters and returns its first value.</summary>
    public async Task<object?> QueryAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public Task StopAsync() => ToolAsync("pg_ctl", "stop", "-s", "-m", "immediate", "-D", _folder);

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(_folder, "postmaster.pid")))
            await StopAsync();
    }

    private Task ToolAsync(string tool, params string[] arguments) => RunAsync([.. _asUser, Path.Combine(_tools, tool), .. arguments]);

    private static Task RunAsync(string[] command)
        => ToolProcess.RunAsync(new ToolCommand(command[0], command[1..]) { WorkingDirectory = "/" }, new ToolLimits(),
            CancellationToken.None);
}

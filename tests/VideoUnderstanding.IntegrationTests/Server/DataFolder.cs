using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using VideoUnderstanding.Data;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.IntegrationTests.Server;

/// <summary>An empty data folder, removed at the end together with a database that still runs in it.</summary>
internal sealed class DataFolder : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vu-data-").FullName;

    /// <param name="below">Folders to make between the temporary folder and the data folder.</param>
    public DataFolder(string below = "")
    {
        // Temporary folders are closed to others; the database's user has to pass.
        File.SetUnixFileMode(_root, File.GetUnixFileMode(_root) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Path = System.IO.Path.Combine(_root, below);
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public string Root => _root;

    /// <summary>Settings that programs started with this folder get besides, as variables of the environment.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    public async Task<EmbeddedPostgres> StartAsync() => (await StartForKillAsync()).Postgres;

    /// <summary>Starts the database as a server does that will be killed: returns what to drop to be "killed".</summary>
    public async Task<(EmbeddedPostgres Postgres, DataFolderLock Mark)> StartForKillAsync()
    {
        var mark = await DataFolderLock.TakeAsync(Path, CancellationToken.None);
        return (await EmbeddedPostgres.StartAsync(mark, Path, new EmbeddedDatabaseOptions(), NullLogger.Instance, CancellationToken.None),
            mark);
    }

    public static VideoDbContext Open(EmbeddedPostgres postgres)
    {
        var options = new DbContextOptionsBuilder<VideoDbContext>();
        // Without a pool: a database that is killed on purpose leaves dead connections in it.
        options.UseVideoDatabase(postgres.ConnectionString + ";Pooling=false");
        return new VideoDbContext(options.Options);
    }

    /// <summary>Kills a process without a chance to clean up.</summary>
    public static async Task KillAsync(int processId)
    {
        await ToolProcess.RunAsync("kill", ["-9", $"{processId}"], new ToolLimits(), CancellationToken.None);
        while (Directory.Exists($"/proc/{processId}"))
            await Task.Delay(20);
    }

    public async ValueTask DisposeAsync()
    {
        if (new ClusterFolder(Path).Running() is { } running)
            await KillAsync(running.ProcessId);
        for (var attempt = 0; attempt < 20; attempt++)
        {
            try
            {
                Directory.Delete(_root, recursive: true);
                return;
            }
            catch (IOException)
            {
                // Processes of a killed database still write for a moment.
                await Task.Delay(200);
            }
        }
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using VideoUnderstanding.Data;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.IntegrationTests.Server;

/// <summary>A temporary data folder. Disposing removes it and kills a database that still runs in it.</summary>
internal sealed class DataFolder : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vu-data-").FullName;

    /// <param name="below">Folders to create between the temporary folder and the data folder.</param>
    public DataFolder(string below = "")
    {
        // Temporary folders are not accessible to others; the database's user needs to pass through.
        File.SetUnixFileMode(_root, File.GetUnixFileMode(_root) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Path = System.IO.Path.Combine(_root, below);
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public string Root => _root;

    /// <summary>Additional environment variables of programs that are started with this folder.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    public async Task<EmbeddedPostgres> StartAsync() => (await StartForKillAsync()).Postgres;

    /// <summary>Starts the database of a simulated server. Disposing <c>Mark</c> without stopping the database simulates that the server
    /// was killed.</summary>
    public async Task<(EmbeddedPostgres Postgres, DataFolderLock Mark)> StartForKillAsync()
    {
        var mark = await DataFolderLock.TakeAsync(Path, CancellationToken.None);
        return (await EmbeddedPostgres.StartAsync(mark, Path, new EmbeddedDatabaseOptions(), NullLogger.Instance, CancellationToken.None),
            mark);
    }

    public static VideoDbContext Open(EmbeddedPostgres postgres)
    {
        var options = new DbContextOptionsBuilder<VideoDbContext>();
        // No pool, because a killed database leaves broken connections in it.
        options.UseVideoDatabase(postgres.ConnectionString + ";Pooling=false");
        return new VideoDbContext(options.Options);
    }

    /// <summary>Kills a process with SIGKILL and waits until it is gone.</summary>
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
                // Processes of a killed database still write for a short time.
                await Task.Delay(200);
            }
        }
    }
}

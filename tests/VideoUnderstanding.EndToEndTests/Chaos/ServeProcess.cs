using System.Diagnostics;
using System.Net;
using Npgsql;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.Operations.Database;
using VideoUnderstanding.TestAssets;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary><c>vu serve</c> as a separate process with the tiny models. It can be restarted with the same folder and address. Its log is
/// written to a file.</summary>
internal sealed class ServeProcess : IAsyncDisposable
{
    /// <summary>Timeout of the first start, which also creates a database. No maximum is documented for it.</summary>
    private static readonly TimeSpan FirstStartLimit = TimeSpan.FromMinutes(5);

    private readonly string[] _launcher;
    private readonly string[] _settings;
    private Process? _process;

    /// <param name="dataFolder">Null for a folder inside the temporary folder.</param>
    /// <param name="connectionString">Empty for the embedded database.</param>
    public ServeProcess(string connectionString = "", string? dataFolder = null, params string[] settings)
        : this([], new Uri($"http://127.0.0.1:{FreePort.Take()}"), connectionString, dataFolder, settings)
    {
    }

    /// <param name="launcher">Start of the command line. It must execute the rest in the same process.</param>
    public ServeProcess(string[] launcher, Uri address, string connectionString, string? dataFolder, string[] settings)
    {
        _launcher = launcher;
        // Other users cannot enter temporary folders by default, but the user of the database must.
        File.SetUnixFileMode(Root, File.GetUnixFileMode(Root) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        DataFolder = dataFolder ?? Path.Combine(Root, "data");
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(45) };
        string[] own =
        [
            $"urls={address}", $"ConnectionStrings:Database={connectionString}", $"VideoUnderstanding:DataFolder={DataFolder}",
            $"VideoUnderstanding:Models:Manifest={TinyModels.WriteTo(Directory.CreateDirectory(Path.Combine(Root, "models")).FullName)}",
            $"VideoUnderstanding:Models:Profile={TinyModels.Profile}",
            "VideoUnderstanding:Models:Device=cpu", "VideoUnderstanding:Fetching:AllowPrivateNetworks=true",
            "VideoUnderstanding:MinFreeBytes=0",
            "VideoUnderstanding:RateLimits:RequestsPerMinute=0", "VideoUnderstanding:RateLimits:CostlyPerMinute=0",
            "VideoUnderstanding:Indexing:LeaseCheckSeconds=0.5", "VideoUnderstanding:Indexing:RetryDelaySeconds=0.5",
            "VideoUnderstanding:Indexing:SweepSeconds=5",
            "VideoUnderstanding:EmbeddedDatabase:SharedBuffersMegabytes=64",
            "Logging:LogLevel:Default=Warning", "Logging:LogLevel:VideoUnderstanding=Information",
        ];
        _settings = [.. own.Concat(settings).Select(setting => "--" + setting)];
    }

    /// <summary>Timeout until the server is ready.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromMinutes(1);

    public string Root { get; } = Directory.CreateTempSubdirectory("vu-chaos-").FullName;

    public string DataFolder { get; }

    public HttpClient Http { get; }

    public string LogFile => Path.Combine(Root, "server.log");

    public int Id => _process!.Id;

    public bool HasEnded => _process is null || _process.HasExited;

    /// <summary>Process id of the embedded database. Null while it is not running.</summary>
    public int? DatabaseId => new ClusterFolder(DataFolder).Running()?.ProcessId;

    public void Start()
    {
        _process?.Dispose();
        // "exec" makes the process id that of the server. The output goes to a file, so that the server never waits for a reader. SIGXFSZ
        // is ignored: a write beyond a file size limit must fail as on a full disk and must not end the process.
        string[] arguments = ["-c", "trap '' XFSZ; exec \"$@\" >>\"$0\" 2>&1", LogFile, .. _launcher, "dotnet",
            Path.Combine(AppContext.BaseDirectory, "vu.dll"), "serve", .. _settings];
        _process = Process.Start(new ProcessStartInfo("sh", arguments))!;
    }

    /// <summary>Starts the server, waits until it is ready, and uses the API key that the server wrote to a file.</summary>
    public async Task StartFirstAsync(CancellationToken cancellationToken)
    {
        Start();
        await WaitUntilReadyAsync(FirstStartLimit, cancellationToken);
        var key = await File.ReadAllTextAsync(Path.Combine(DataFolder, "first-api-key"), cancellationToken);
        Http.DefaultRequestHeaders.Add("x-api-key", key.Trim());
    }

    /// <returns>Time until the server was ready.</returns>
    /// <exception cref="TimeoutException">The server was not ready within <see cref="StartLimit"/>, or it ended.</exception>
    public Task<TimeSpan> WaitUntilReadyAsync(CancellationToken cancellationToken) => WaitUntilReadyAsync(StartLimit, cancellationToken);

    private async Task<TimeSpan> WaitUntilReadyAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (!await IsReadyAsync(cancellationToken))
        {
            if (HasEnded || TimeProvider.System.GetElapsedTime(begin) > limit)
                throw new TimeoutException(
                    $"The server is not ready after {TimeProvider.System.GetElapsedTime(begin)}, ended: {HasEnded}. {Tail()}");
            await Task.Delay(100, cancellationToken);
        }
        return TimeProvider.System.GetElapsedTime(begin);
    }

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Http.GetAsync("/health/ready", cancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public async Task KillAsync(CancellationToken cancellationToken)
    {
        Processes.Kill(Id);
        await _process!.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Stops the server with SIGTERM, as a service manager does.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await SignalAsync("TERM", cancellationToken);
        await _process!.WaitForExitAsync(cancellationToken);
    }

    /// <param name="signal">Name without SIG.</param>
    public async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Id}"]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Connection string of the embedded database, without pooling. Null while the database is not running.</summary>
    public string? ConnectionString => new ClusterFolder(DataFolder) is var cluster && cluster.Running() is { } running
        ? new NpgsqlConnectionStringBuilder(cluster.ConnectionString(running))
        {
            Pooling = false, Timeout = 5, CommandTimeout = 20,
        }.ConnectionString
        : null;

    public string Tail() => File.Exists(LogFile) ? string.Join('\n', File.ReadLines(LogFile).TakeLast(30)) : "";

    /// <summary>Ends the server and its database. Deletes the folder unless <see cref="KeepFolder"/> is set.</summary>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!HasEnded)
            await KillAsync(CancellationToken.None);
        _process?.Dispose();
        if (DatabaseId is { } database)
            await Processes.KillAndWaitAsync(database);
        for (var attempt = 0; !KeepFolder && attempt < 20 && Directory.Exists(Root); attempt++)
        {
            try
            {
                Directory.Delete(Root, recursive: true);
            }
            catch (IOException)
            {
                // Processes of a killed database can still write for a moment.
                await Task.Delay(200);
            }
        }
    }

    public bool KeepFolder { get; set; }
}

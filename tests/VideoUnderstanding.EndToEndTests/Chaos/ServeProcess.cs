using System.Diagnostics;
using System.Net;
using Npgsql;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.Operations.Database;
using VideoUnderstanding.TestAssets;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary><c>vu serve</c> as a process of its own with the tiny models, started again and again on one folder and one address. What it
/// logs is kept.</summary>
internal sealed class ServeProcess : IAsyncDisposable
{
    /// <summary>Time for the first start, which makes a database as well. Nothing is promised about it.</summary>
    private static readonly TimeSpan FirstStartLimit = TimeSpan.FromMinutes(5);

    private readonly string[] _settings;
    private Process? _process;

    /// <param name="dataFolder">Null for one inside the temporary folder.</param>
    /// <param name="connectionString">Empty for the database that the server runs itself.</param>
    public ServeProcess(string connectionString = "", string? dataFolder = null, params string[] settings)
    {
        // Temporary folders are closed to others; the database's user has to pass.
        File.SetUnixFileMode(Root, File.GetUnixFileMode(Root) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        DataFolder = dataFolder ?? Path.Combine(Root, "data");
        var address = new Uri($"http://127.0.0.1:{FreePort.Take()}");
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

    /// <summary>Time in which it has to become ready.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromMinutes(1);

    public string Root { get; } = Directory.CreateTempSubdirectory("vu-chaos-").FullName;

    public string DataFolder { get; }

    public HttpClient Http { get; }

    public string LogFile => Path.Combine(Root, "server.log");

    public int Id => _process!.Id;

    public bool HasEnded => _process is null || _process.HasExited;

    /// <summary>Process of the server's own database; null while it does not run.</summary>
    public int? DatabaseId => new ClusterFolder(DataFolder).Running()?.ProcessId;

    public void Start()
    {
        _process?.Dispose();
        // "exec": the number of the process is the server's own. A file as output, so that nothing waits for a reader.
        // A write beyond a limit of file sizes is to fail, as on a full disk, and not to be a signal.
        string[] arguments = ["-c", "trap '' XFSZ; exec \"$@\" >>\"$0\" 2>&1", LogFile, "dotnet",
            Path.Combine(AppContext.BaseDirectory, "vu.dll"), "serve", .. _settings];
        _process = Process.Start(new ProcessStartInfo("sh", arguments))!;
    }

    /// <summary>Starts it, waits until it is ready, and takes the key that it wrote to a file.</summary>
    public async Task StartFirstAsync(CancellationToken cancellationToken)
    {
        Start();
        await WaitUntilReadyAsync(FirstStartLimit, cancellationToken);
        var key = await File.ReadAllTextAsync(Path.Combine(DataFolder, "first-api-key"), cancellationToken);
        Http.DefaultRequestHeaders.Add("x-api-key", key.Trim());
    }

    /// <returns>How long it took.</returns>
    /// <exception cref="TimeoutException">It took more than <see cref="StartLimit"/>, or the server ended.</exception>
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

    /// <summary>As a service manager stops it.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await SignalAsync("TERM", cancellationToken);
        await _process!.WaitForExitAsync(cancellationToken);
    }

    /// <param name="signal">Its name without SIG.</param>
    public async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Id}"]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    /// <summary>A connection of its own to the server's own database, or null while there is none.</summary>
    public string? ConnectionString => new ClusterFolder(DataFolder) is var cluster && cluster.Running() is { } running
        ? new NpgsqlConnectionStringBuilder(cluster.ConnectionString(running))
        {
            Pooling = false, Timeout = 5, CommandTimeout = 20,
        }.ConnectionString
        : null;

    public string Tail() => File.Exists(LogFile) ? string.Join('\n', File.ReadLines(LogFile).TakeLast(30)) : "";

    /// <summary>Ends what still runs. The folder is removed, unless it is to be looked at.</summary>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!HasEnded)
            await KillAsync(CancellationToken.None);
        _process?.Dispose();
        if (DatabaseId is { } database)
            await Processes.KillAndWaitAsync(database);
        for (var tries = 0; !KeepFolder && tries < 20 && Directory.Exists(Root); tries++)
        {
            try
            {
                Directory.Delete(Root, recursive: true);
            }
            catch (IOException)
            {
                // Processes of a killed database still write for a moment.
                await Task.Delay(200);
            }
        }
    }

    public bool KeepFolder { get; set; }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.TestAssets.Clips;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.Benchmarks.Load;

/// <summary>A real server in a separate process, with its own database, the generated clips and the tiny models.</summary>
internal sealed class LoadServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vu-load-").FullName;
    private readonly string _program;
    private ToolProcess? _process;

    private LoadServer(string program) => _program = program;

    public Uri Address { get; private set; } = null!;

    /// <summary>A clip of a few seconds with sound.</summary>
    public string Clip => Path.Combine(_folder, GeneratedClips.Mpeg4);

    /// <summary>Connection string of the embedded database. Its socket is in the folder of the cluster.</summary>
    public string Database
        => $"Host={_folder}/data/postgres;Username=video_understanding;"
            + $"Password={File.ReadAllText($"{_folder}/data/postgres.password").Trim()};Database=video_understanding";

    /// <summary>The one-time link with which the first administrator is created.</summary>
    public string SetupLink => File.ReadAllText($"{_folder}/data/setup-link");

    public static async Task<LoadServer> StartAsync(string program)
    {
        var server = new LoadServer(program);
        await GeneratedClips.WriteToAsync(server._folder, CancellationToken.None);
        TinyModels.WriteTo(Path.Combine(server._folder, "models"));
        server.Address = new Uri($"http://127.0.0.1:{FreePort()}");
        server._process = ToolProcess.Start(server.Command("serve", $"--urls={server.Address}"),
            new ToolLimits { Time = TimeSpan.FromHours(3) }, line =>
            {
                Console.Error.WriteLine(line);
                return false;
            });
        // The server logs only warnings and errors, which are part of the result.
        _ = server._process.Output.CopyToAsync(Console.OpenStandardError());
        using var http = new HttpClient { BaseAddress = server.Address };
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var ready = await http.GetAsync("/health/ready");
                if (ready.IsSuccessStatusCode)
                    return server;
            }
            catch (HttpRequestException) when (attempt < 600)
            {
                // The server does not listen yet.
            }
            await Task.Delay(200);
        }
    }

    public async Task<string> CreateKeyAsync(string name)
        => (await ToolProcess.RunAsync(Command("keys", "create", "--name", name, "--account", name, "--quiet"), new ToolLimits(),
            CancellationToken.None)).Text.Trim();

    /// <summary>Returns the resident memory of the server process in megabytes, its threads, and its open files including
    /// sockets.</summary>
    public (double Megabytes, int Threads, int Files) Use()
    {
        var status = File.ReadLines($"/proc/{_process!.Id}/status").Select(line => line.Split(':', 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Trim());
        return (double.Parse(status["VmRSS"].Split(' ')[0], CultureInfo.InvariantCulture) / 1024,
            int.Parse(status["Threads"], CultureInfo.InvariantCulture),
            Directory.EnumerateFileSystemEntries($"/proc/{_process.Id}/fd").Count());
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await ToolProcess.RunAsync("kill", ["-TERM", $"{process.Id}"], new ToolLimits(), CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None);
            await process.DisposeAsync();
        }
        Directory.Delete(_folder, recursive: true);
    }

    private ToolCommand Command(params string[] arguments) => new("env",
    [
        $"VideoUnderstanding__DataFolder={_folder}/data", $"VideoUnderstanding__Models__Manifest={_folder}/models/manifest.json",
        $"VideoUnderstanding__Models__Profile={TinyModels.Profile}",
        "VideoUnderstanding__Models__Device=cpu", "ConnectionStrings__Database=", "Logging__LogLevel__Default=Warning", "dotnet", _program,
        .. arguments,
    ]);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Net;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.EndToEndTests.Support;

/// <summary>The built program with a data folder and settings. Each verb runs in a separate process.</summary>
/// <param name="settings">In the form of the command line: <c>VideoUnderstanding:Name=value</c>.</param>
internal sealed class VuProgram(string dataFolder, params string[] settings)
{
    /// <summary>Timeout of a verb. One verb indexes with the committed models while other tests index too.</summary>
    private static readonly TimeSpan VerbLimit = TimeSpan.FromMinutes(10);

    public string DataFolder => dataFolder;

    /// <summary>Runs a verb to its end and returns its output.</summary>
    /// <exception cref="ToolException">The exit code was not 0.</exception>
    public async Task<string> RunAsync(params string[] verb)
        => (await ToolProcess.RunAsync(Command(verb), new ToolLimits { Time = VerbLimit },
            TestContext.Current.CancellationToken)).Text.Trim();

    /// <summary>Runs a verb that must fail and returns its error message.</summary>
    public async Task<string> RefusalAsync(params string[] verb)
    {
        var refused = await Assert.ThrowsAsync<ToolException>(() => RunAsync(verb));
        Assert.Equal(1, refused.ExitCode);
        Assert.DoesNotContain("   at ", refused.ErrorTail, StringComparison.Ordinal);
        return refused.ErrorTail;
    }

    public Task<VuServer> ServeAsync() => VuServer.StartAsync(this);

    internal ToolCommand Command(string[] arguments)
    {
        string[] own = [$"VideoUnderstanding:DataFolder={dataFolder}", "ConnectionStrings:Database=",
            "VideoUnderstanding:Models:Device=cpu", "Logging:LogLevel:Default=Warning"];
        var variables = own.Concat(settings).Select(setting => setting.Split('=', 2))
            .Select(pair => $"{pair[0].Replace(":", "__", StringComparison.Ordinal)}={pair[1]}");
        return new ToolCommand("env", [.. variables, "dotnet", Path.Combine(AppContext.BaseDirectory, "vu.dll"), .. arguments]);
    }
}

/// <summary><c>vu serve</c> as a separate process.</summary>
internal sealed class VuServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);

    private readonly ToolProcess _process;

    private VuServer(ToolProcess process, Uri address)
        => (_process, Http) = (process, new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) });

    public HttpClient Http { get; }

    public int Id => _process.Id;

    public static async Task<VuServer> StartAsync(VuProgram program)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Take()}");
        var server = new VuServer(
            ToolProcess.Start(program.Command(["serve", $"--urls={address}"]), new ToolLimits { Time = TimeSpan.FromHours(1) }), address);
        // Discards the log, because a full pipe would block the server.
        _ = server._process.Output.CopyToAsync(Stream.Null);
        for (var begin = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(begin) < StartLimit; await Task.Delay(100))
        {
            try
            {
                using var ready = await server.Http.GetAsync("/health/ready");
                if (ready.StatusCode == HttpStatusCode.OK)
                    return server;
            }
            catch (HttpRequestException)
            {
                // The server does not listen yet.
            }
        }
        var words = server._process.ErrorTail;
        await server.DisposeAsync();
        throw new TimeoutException($"The server did not start: {words}");
    }

    /// <summary>Creates a client with the key.</summary>
    public ApiClient Client(string key)
    {
        Http.DefaultRequestHeaders.Remove("x-api-key");
        Http.DefaultRequestHeaders.Add("x-api-key", key);
        return new ApiClient(Http);
    }

    /// <summary>Stops the server and its database, as a service manager does.</summary>
    public async ValueTask DisposeAsync()
    {
        await ToolProcess.RunAsync("kill", ["-TERM", $"{Id}"], new ToolLimits(), CancellationToken.None);
        await _process.WaitForExitAsync(CancellationToken.None);
        await _process.DisposeAsync();
        Http.Dispose();
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.Server.Health;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Server;

/// <summary>The built program in its own process, with a data folder and no models.</summary>
internal sealed class VuProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    private readonly ToolProcess _process;

    private VuProcess(ToolProcess process, Uri address) => (_process, Http) = (process, new HttpClient { BaseAddress = address });

    public HttpClient Http { get; }

    public int Id => _process.Id;

    public static async Task<VuProcess> ServeAsync(DataFolder folder)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Take()}");
        var server = new VuProcess(
            ToolProcess.Start(Command(folder, ["serve", $"--urls={address}"]), new ToolLimits { Time = TimeSpan.FromMinutes(10) }),
            address);
        // Discards the output, so that the process is not blocked by a full pipe.
        _ = server._process.Output.CopyToAsync(Stream.Null);
        for (var begin = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(begin) < StartLimit; await Task.Delay(100))
        {
            try
            {
                using var live = await server.Http.GetAsync("/health/live");
                if (live.StatusCode == HttpStatusCode.OK)
                    return server;
            }
            catch (HttpRequestException)
            {
                // The server does not listen yet.
            }
        }
        throw new TimeoutException($"The server did not start: {server._process.ErrorTail}");
    }

    /// <summary>Runs a verb to its end and returns its output.</summary>
    /// <exception cref="ToolException">The exit code is not 0.</exception>
    public static async Task<string> RunAsync(DataFolder folder, params string[] verb)
        => (await ToolProcess.RunAsync(Command(folder, verb), new ToolLimits { Time = StartLimit }, CancellationToken.None)).Text.Trim();

    /// <summary>Runs a verb to its end in the given folder, without settings from the environment.</summary>
    /// <returns>Exit code, standard output and standard error.</returns>
    public static async Task<(int Code, string Output, string Error)> RunPlainlyAsync(string workingFolder, params string[] verb)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "vu.dll"), .. verb])
        {
            WorkingDirectory = workingFolder, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["ConnectionStrings__Database"] = "", ["VIDEOUNDERSTANDING_CALLER_FOLDER"] = "" },
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(StartLimit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{string.Join(' ', verb)} did not end.");
        }
        return (process.ExitCode, (await output).Trim(), (await error).Trim());
    }

    /// <summary>Runs a verb to its end with one line of standard input, and returns its output.</summary>
    /// <exception cref="ToolException">The exit code is not 0.</exception>
    public static async Task<string> RunWithInputAsync(DataFolder folder, string line, params string[] verb)
    {
        var plain = Command(folder, verb);
        string[] piped = ["-c", "line=$1; shift; printf '%s\\n' \"$line\" | \"$@\"", "sh", line, plain.Tool, .. plain.Arguments];
        return (
            await ToolProcess.RunAsync(new ToolCommand("sh", piped), new ToolLimits { Time = StartLimit },
                CancellationToken.None)).Text.Trim();
    }

    /// <summary>Status and body of the health check, after the models were loaded or found missing.</summary>
    public async Task<(HttpStatusCode Status, JsonNode Answer)> ReadinessAsync()
    {
        while (true)
        {
            using var response = await Http.GetAsync("/health/ready");
            var answer = (await response.Content.ReadFromJsonAsync<JsonNode>())!;
            if (answer["checks"]!.AsArray().All(check => (string?)check!["name"] != Readiness.Loading))
                return (response.StatusCode, answer);
            await Task.Delay(100);
        }
    }

    /// <summary>Returns the check with this name from the body of the health check.</summary>
    public static JsonNode Check(JsonNode answer, string name)
        => answer["checks"]!.AsArray().Single(check => (string?)check!["name"] == name)!;

    /// <summary>Returns the status of a request with the key.</summary>
    public async Task<HttpStatusCode> ListIndexesAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1.1/indexes");
        request.Headers.Add("x-api-key", key);
        using var response = await Http.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>Stops the server with SIGTERM, as a service manager does, and waits for its end.</summary>
    public async Task<int> StopAsync()
    {
        await ToolProcess.RunAsync("kill", ["-TERM", $"{Id}"], new ToolLimits(), CancellationToken.None);
        return await _process.WaitForExitAsync(CancellationToken.None);
    }

    public Task KillAsync() => DataFolder.KillAsync(Id);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }

    private static ToolCommand Command(DataFolder folder, string[] arguments) => new("env",
    [
        $"VideoUnderstanding__DataFolder={folder.Path}", $"VideoUnderstanding__Models__Folder={folder.Path}/models",
        "VideoUnderstanding__Models__Profile=balanced",
        "ConnectionStrings__Database=", "VideoUnderstanding__Webhooks__AllowHttp=true",
        "VideoUnderstanding__Fetching__AllowPrivateNetworks=true", .. folder.Settings, "dotnet",
        Path.Combine(AppContext.BaseDirectory, "vu.dll"), .. arguments,
    ]);
}

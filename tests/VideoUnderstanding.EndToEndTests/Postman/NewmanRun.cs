using System.Diagnostics;
using System.Text.Json;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets;
using VideoUnderstanding.TestAssets.Clips;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.EndToEndTests.Postman;

/// <summary>One run of the Postman collection by newman.</summary>
public sealed class NewmanRun : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("newman-").FullName;
    private readonly Dictionary<(string Request, string Assertion), string?> _outcomes = [];
    private string _output = "";

    /// <summary>Returns null if the assertion passed, otherwise the reason.</summary>
    public string? FailureOf(string request, string assertion)
        => _outcomes.TryGetValue((request, assertion), out var failure) ? failure : $"It was never reached. {_output}";

    /// <summary>Failed assertions.</summary>
    public IEnumerable<string> Failures => _outcomes.Where(outcome => outcome.Value is not null)
        .Select(outcome => $"{outcome.Key.Request}: {outcome.Key.Assertion}: {outcome.Value}");

    /// <param name="clip">The video that the collection indexes.</param>
    /// <param name="limit">Timeout of the whole run.</param>
    public static async Task<NewmanRun> OfAsync(RunningServer server, string clip, TimeSpan limit)
    {
        var run = new NewmanRun();
        await run.RunAsync(server, clip, limit);
        return run;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task RunAsync(RunningServer server, string clip, TimeSpan limit)
    {
        File.CreateSymbolicLink(Path.Combine(_folder, "clip.mp4"), clip);
        new Picture(64, 64, TinyColours.Named("red")).SaveBitmap(Path.Combine(_folder, "logo.bmp"));
        var report = Path.Combine(_folder, "report.json");
        string[] arguments =
        [
            ProjectFolder.File("tests/newman/node_modules/newman/bin/newman.js"), "run", PostmanCollection.File, "--working-dir", _folder,
            "--env-var", $"baseUrl={server.Address}v1.1", "--env-var", $"serverUrl={server.Address.AbsoluteUri.TrimEnd('/')}",
            "--env-var", $"apiKey={server.Key}", "--reporters", "cli,json", "--reporter-json-export", report, "--color", "off",
            "--timeout", $"{limit.TotalMilliseconds}",
        ];
        _output = await NodeAsync(arguments);
        if (!File.Exists(report))
            throw new InvalidOperationException($"newman wrote no report. Is it installed (npm ci in tests/newman)? {_output}");
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(report, TestContext.Current.CancellationToken));
        foreach (var execution in document.RootElement.GetProperty("run").GetProperty("executions").EnumerateArray())
            Note(execution);
    }

    /// <summary>A request that is sent several times must pass every time.</summary>
    private void Note(JsonElement execution)
    {
        if (!execution.TryGetProperty("assertions", out var assertions))
            return;
        foreach (var assertion in assertions.EnumerateArray())
        {
            var name = (execution.GetProperty("item").GetProperty("name").GetString()!, assertion.GetProperty("assertion").GetString()!);
            var failure = assertion.TryGetProperty("error", out var error) ? error.GetProperty("message").GetString() : null;
            _outcomes[name] = _outcomes.GetValueOrDefault(name) ?? failure;
        }
    }

    private static async Task<string> NodeAsync(string[] arguments)
    {
        using var node = Process.Start(new ProcessStartInfo("node", arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, errors) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        return await output + await errors;
    }
}

using System.Diagnostics;
using System.Text.Json;
using VideoUnderstanding.EndToEndTests.Generated;
using VideoUnderstanding.TestAssets;
using VideoUnderstanding.TestAssets.Clips;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.EndToEndTests.Postman;

/// <summary>The Postman collection, run once by newman against the server with the tiny models.</summary>
public sealed class NewmanRun(GeneratedSet set) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("newman-").FullName;
    private readonly Dictionary<(string Request, string Assertion), string?> _outcomes = [];
    private string _output = "";

    /// <summary>Null when the assertion held; else why not.</summary>
    public string? FailureOf(string request, string assertion)
        => _outcomes.TryGetValue((request, assertion), out var failure) ? failure : $"It was never reached. {_output}";

    public async ValueTask InitializeAsync()
    {
        File.Copy(set.PathOf(GeneratedClips.Colours), Path.Combine(_folder, "clip.mp4"));
        new Picture(64, 64, TinyColours.Named("red")).SaveBitmap(Path.Combine(_folder, "logo.bmp"));
        var report = Path.Combine(_folder, "report.json");
        string[] arguments =
        [
            ProjectFolder.File("tests/newman/node_modules/newman/bin/newman.js"), "run", PostmanCollection.File, "--working-dir", _folder,
            "--env-var", $"baseUrl={set.Server.Address}v1.1", "--env-var", $"serverUrl={set.Server.Address.AbsoluteUri.TrimEnd('/')}", "--env-var", $"apiKey={set.Server.Key}", "--reporters", "cli,json", "--reporter-json-export", report, "--color", "off", "--timeout", "300000",
        ];
        _output = await RunAsync(arguments);
        if (!File.Exists(report))
            throw new InvalidOperationException($"newman wrote no report. Is it installed (npm ci in tests/newman)? {_output}");
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(report, TestContext.Current.CancellationToken));
        foreach (var execution in document.RootElement.GetProperty("run").GetProperty("executions").EnumerateArray())
            Note(execution);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>A request that is sent several times has to hold every time.</summary>
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

    private static async Task<string> RunAsync(string[] arguments)
    {
        using var node = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        return await output + await errors;
    }
}

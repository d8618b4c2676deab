using System.Diagnostics;
using System.Text.RegularExpressions;
using VideoUnderstanding.EndToEndTests.Generated;
using VideoUnderstanding.TestAssets;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Documents;

/// <summary>The quickstarts of README.md, run one after another on one server.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed partial class QuickstartTests(GeneratedSet set) : IAsyncLifetime
{
    private static readonly string Readme = File.ReadAllText(ProjectFolder.File("README.md"));

    private readonly string _folder = Directory.CreateTempSubdirectory("vu-quickstart-").FullName;

    public ValueTask InitializeAsync()
    {
        File.Copy(set.PathOf(GeneratedClips.Colours), Path.Combine(_folder, "clip.mp4"));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("bash", "bash", "-e")]
    [InlineData("python", "/usr/bin/python3", "")]
    public async Task A_quickstart_can_be_repeated_and_prints_errors(string language, string program, string option)
    {
        await WriteAsync(language, set.Server.Key);
        for (var run = 0; run < 2; run++)
        {
            var (code, output, error) = await RunAsync(program, option, language);
            Assert.True(code == 0, output + error);
        }

        await WriteAsync(language, "tlk_WRONG");
        var refused = await RunAsync(program, option, language);
        Assert.Contains("API Key is either invalid or expired", refused.Output + refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_CSharp_quickstart_runs_and_prints_errors()
    {
        await WriteAsync("csharp", set.Server.Key);
        File.Move(Path.Combine(_folder, "csharp"), Path.Combine(_folder, "quickstart.cs"));
        var (code, output, error) = await RunAsync("dotnet", "run", "quickstart.cs");
        Assert.True(code == 0, output + error);

        await WriteAsync("csharp", "tlk_WRONG");
        File.Move(Path.Combine(_folder, "csharp"), Path.Combine(_folder, "quickstart.cs"), overwrite: true);
        var refused = await RunAsync("dotnet", "run", "quickstart.cs");
        Assert.Contains("API Key is either invalid or expired", refused.Output + refused.Error, StringComparison.Ordinal);
    }

    /// <summary>Writes the code block of the language to a file that is named after the language, with the address and the key of this
    /// server.</summary>
    private Task WriteAsync(string language, string key)
    {
        var quickstarts = Readme[Readme.IndexOf("## Quickstarts", StringComparison.Ordinal)..];
        var block = Block().Matches(quickstarts).First(match => match.Groups[1].Value == language).Groups[2].Value;
        Assert.Contains("http://127.0.0.1:8080/v1.1", block, StringComparison.Ordinal);
        return File.WriteAllTextAsync(Path.Combine(_folder, language),
            block.Replace("http://127.0.0.1:8080/v1.1", $"{set.Server.Address}v1.1", StringComparison.Ordinal)
                .Replace("tlk_...", key, StringComparison.Ordinal), TestContext.Current.CancellationToken);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments.Where(argument => argument.Length > 0))
        {
            WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    [GeneratedRegex("```([a-z]+)\\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}

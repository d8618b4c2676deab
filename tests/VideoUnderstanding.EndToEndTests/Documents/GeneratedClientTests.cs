using System.Diagnostics;
using VideoUnderstanding.EndToEndTests.Generated;
using VideoUnderstanding.TestAssets;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Documents;

/// <summary>Third-party generators create clients from the published OpenAPI document, and the quickstart runs with these
/// clients.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed class GeneratedClientTests(GeneratedSet set) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vu-clients-").FullName;

    public async ValueTask InitializeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(ProjectFolder.File("tests/clients")))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        File.Copy(set.PathOf(GeneratedClips.Colours), Path.Combine(_folder, "clip.mp4"));
        using var http = new HttpClient();
        var document = await http.GetStringAsync(new Uri(set.Server.Address, "openapi/v1.1.json"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "v11.json"), document);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_generated_TypeScript_client_compiles_uploads_and_searches()
    {
        var modules = ProjectFolder.File("tests/clients/node_modules");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "node_modules"), modules);

        await RunAsync($"{modules}/.bin/openapi-typescript", "v11.json", "--default-non-nullable=false", "-o", "v11.d.ts");
        await RunAsync($"{modules}/.bin/tsc", "--strict", "--target", "es2022", "--module", "nodenext", "--types", "node", "quickstart.ts");
        var output = await RunAsync("node", "quickstart.js", set.Server.Address.ToString().TrimEnd('/'), set.Server.Key, "clip.mp4", "red");

        Assert.StartsWith("1 video searched", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_generated_CSharp_client_compiles_uploads_and_searches()
    {
        File.Copy(ProjectFolder.File(".config/dotnet-tools.json"), Path.Combine(_folder, "dotnet-tools.json"));
        await RunAsync("dotnet", "tool", "restore");
        await RunAsync("dotnet", "nswag", "openapi2csclient", "/input:v11.json", "/output:client.cs", "/namespace:Generated",
            "/className:VideoClient", "/generateNullableReferenceTypes:true");
        var quickstart = Path.Combine(_folder, "quickstart.cs");
        await File.AppendAllTextAsync(quickstart, await File.ReadAllTextAsync(Path.Combine(_folder, "client.cs")));

        var output = await RunAsync("dotnet", "run", "quickstart.cs", "--", set.Server.Key, "clip.mp4", "red");

        Assert.StartsWith("1 video searched", output, StringComparison.Ordinal);
    }

    /// <summary>Runs a program in the folder and requires exit code 0.</summary>
    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}:\n{await output}\n{await error}");
        return await output;
    }
}

using System.Diagnostics;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Server;

/// <summary>The interactive verbs: help, shell completion, and work with a running server.</summary>
public sealed class InteractiveVerbTests(SampleClips clips)
{
    private const string UnreachableAddress = "http://127.0.0.1:1";

    [Fact]
    public async Task Help_lists_the_verbs_explains_one_and_refuses_unknown_ones()
    {
        var (code, verbs, _) = await VuProcess.RunPlainlyAsync("/tmp", "help");
        Assert.Equal(0, code);
        Assert.All(["serve", "keys", "search", "index", "completion", "help"],
            verb => Assert.Matches($@"(?m)^  {verb}\b", verbs));
        var (explained, verb, _) = await VuProcess.RunPlainlyAsync("/tmp", "help", "keys", "create");
        Assert.Equal(0, explained);
        Assert.Contains("--account", verb, StringComparison.Ordinal);
        Assert.Equal((1, "", "There is no verb keys make. See: ./vu help"),
            await VuProcess.RunPlainlyAsync("/tmp", "help", "keys", "make"));
    }

    [Fact]
    public async Task The_version_is_a_number()
    {
        var (code, output, _) = await VuProcess.RunPlainlyAsync("/tmp", "--version");
        Assert.Equal(0, code);
        Assert.Matches(@"^\d+\.\d+\.\d+", output);
    }

    [Theory]
    [InlineData("vu ke", "keys")]
    [InlineData("vu keys re", "regenerate revoke")]
    [InlineData("vu search --thr", "--threshold")]
    [InlineData("vu completion f", "fish")]
    public async Task Bash_completes_a_partial_word(string line, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("vu-completion-").FullName;
        try
        {
            var (_, script, _) = await VuProcess.RunPlainlyAsync("/tmp", "completion", "bash");
            await File.WriteAllTextAsync(Path.Combine(folder, "completion"), script);
            await File.WriteAllTextAsync(Path.Combine(folder, "vu"), $"exec dotnet '{AppContext.BaseDirectory}/vu.dll' \"$@\"\n");
            var words = line.Split(' ');

            var completed = await RunAsync("bash", ["-c", $$"""
                source {{folder}}/completion
                chmod +x {{folder}}/vu; PATH={{folder}}:$PATH
                COMP_LINE='{{line}}' COMP_POINT={{line.Length}} COMP_WORDS=({{line}}) COMP_CWORD={{words.Length - 1}}
                _vu
                echo "${COMPREPLY[@]}"
                complete -p vu
                """]);

            Assert.Equal([expected, "complete -o default -F _vu vu"], completed.Trim().Split('\n'));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("zsh", "compdef _vu vu")]
    [InlineData("fish", "complete -c vu")]
    public async Task Other_shells_have_their_own_scripts(string shell, string registration)
    {
        var (code, script, _) = await VuProcess.RunPlainlyAsync("/tmp", "completion", shell);
        Assert.Equal(0, code);
        Assert.Contains(registration, script, StringComparison.Ordinal);
        Assert.Contains("[suggest:", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_keys_servers_and_files_are_reported()
    {
        var (code, _, error) = await VuProcess.RunPlainlyAsync("/tmp", "search", "a dog");
        Assert.Equal(1, code);
        Assert.Contains("There is no API key.", error, StringComparison.Ordinal);
        (code, _, error) = await VuProcess.RunPlainlyAsync("/tmp", "search", "a dog", "--key", "tlk_X", "--server", UnreachableAddress);
        Assert.Equal(1, code);
        Assert.StartsWith($"The server at {UnreachableAddress}/ does not answer:", error, StringComparison.Ordinal);
        (code, _, error) = await VuProcess.RunPlainlyAsync("/tmp", "search", "a dog", "--key", "tlk_X", "--server", "videos");
        Assert.Equal((1, "videos is not an address of a server. Example: http://127.0.0.1:8080."), (code, error));
        (code, _, error) = await VuProcess.RunPlainlyAsync("/tmp", "index", "none.mp4", "--key", "tlk_X", "--server", UnreachableAddress);
        Assert.Equal((1, "There is no file or folder /tmp/none.mp4."), (code, error));
    }

    [Fact]
    public async Task A_failure_is_red_on_a_terminal_and_plain_elsewhere()
    {
        var vu = $"dotnet {AppContext.BaseDirectory}/vu.dll help nothing";
        var coloured = await RunAsync("env", ["TERM=xterm-256color", "script", "-qec", vu, "/dev/null"]);
        Assert.Contains("\u001b[", coloured, StringComparison.Ordinal);
        Assert.Contains("There is no verb nothing.", coloured, StringComparison.Ordinal);
        var (_, _, plain) = await VuProcess.RunPlainlyAsync("/tmp", "help", "nothing");
        Assert.DoesNotContain("\u001b", plain, StringComparison.Ordinal);
    }

    /// <summary>This server has no models, so that indexing fails.</summary>
    [Fact]
    public async Task Videos_are_uploaded_and_monitored_and_failures_are_reported_by_name()
    {
        await using var folder = new DataFolder();
        await using var server = await VuProcess.ServeAsync(folder);
        var key = await VuProcess.RunAsync(folder, "keys", "create", "--name", "people", "--quiet");
        string[] connection = ["--server", server.Http.BaseAddress!.ToString(), "--key", key];
        var videos = Directory.CreateDirectory(Path.Combine(folder.Root, "videos", "below")).FullName;
        File.Copy(clips.WithSound, Path.Combine(videos, "clip.mp4"));
        await File.WriteAllTextAsync(Path.Combine(videos, "broken.mkv"), "no video");
        await File.WriteAllTextAsync(Path.Combine(videos, "notes.txt"), "no video either");

        var (none, _, hint) = await VuProcess.RunPlainlyAsync("/tmp", ["search", "red", .. connection]);
        Assert.Equal((1, "There is no index yet. ./vu index FILE creates one."), (none, hint));
        var (code, output, error) = await VuProcess.RunPlainlyAsync(folder.Root, ["index", "videos", "--index", "mine", .. connection]);

        Assert.Equal(1, code);
        Assert.Contains("below/clip.mp4: uploading", output, StringComparison.Ordinal);
        Assert.DoesNotContain("notes.txt", output + error, StringComparison.Ordinal);
        var lines = error.Split('\n');
        Assert.StartsWith("below/broken.mkv: The server refused:", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("below/clip.mp4: ", lines[1], StringComparison.Ordinal);
        Assert.Equal("2 of 2 videos were not indexed.", lines[^1]);
        (code, _, error) = await VuProcess.RunPlainlyAsync("/tmp", ["search", "red", "--index", "yours", .. connection]);
        Assert.Equal((1, "There is no index yours. Indexes: mine."), (code, error));
        (code, _, error) = await VuProcess.RunPlainlyAsync("/tmp", ["search", "red", "--option", "visual", .. connection]);
        Assert.Equal(1, code);
        Assert.StartsWith("The server refused:", error, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true };
        start.Environment.Remove("NO_COLOR");
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }
}

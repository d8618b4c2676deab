using System.Globalization;
using System.Text.RegularExpressions;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.Operations.Cli;

namespace VideoUnderstanding.EndToEndTests.Generated;

/// <summary><c>vu demo</c> as a user runs it: its own database, the committed models, and a video made from Debian packages.</summary>
public sealed partial class DemoTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    private readonly string _data = Directory.CreateTempSubdirectory("demo-data-").FullName;

    [Fact]
    public async Task The_demonstration_finds_pictures_speech_text_and_sounds_in_its_video()
    {
        var lines = await RunAsync();

        foreach (var question in DemoScenario.Questions)
        {
            var at = lines.IndexOf($"{question.Subject}: \"{question.Query}\"");
            Assert.True(at >= 0 && at + 1 < lines.Count, $"There is no answer to {question.Query}:\n{string.Join('\n', lines)}");
            var hit = Hit().Match(lines[at + 1]);
            Assert.True(hit.Success, $"{question.Query}: {lines[at + 1]}");
            var middle = (Seconds(hit.Groups[1]) + Seconds(hit.Groups[2])) / 2;
            var start = DemoScenario.StartOf(question.Scene);
            Assert.InRange(middle, start, start + DemoScenario.Scenes[question.Scene].Duration);
        }
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    /// <summary>Returns the printed lines up to the one that reports that the server continues to run.</summary>
    private async Task<List<string>> RunAsync()
    {
        var program = new VuProgram(_data, "VideoUnderstanding:Models:Profile=starter");
        await using var process = ToolProcess.Start(program.Command(["demo", "--urls=http://127.0.0.1:0"]),
            new ToolLimits { Time = Limit });
        using var reader = new StreamReader(process.Output);
        List<string> lines = [];
        try
        {
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                lines.Add(line);
                if (line.StartsWith("The server continues to run", StringComparison.Ordinal))
                    return lines;
            }
            Assert.Fail($"The demonstration ended early:\n{string.Join('\n', lines)}\n{process.ErrorTail}");
            return lines;
        }
        finally
        {
            await ToolProcess.RunAsync("kill", ["-TERM", $"{process.Id}"], new ToolLimits(), CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static double Seconds(Group number) => double.Parse(number.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^ +([\d.]+) - +([\d.]+) s   score")]
    private static partial Regex Hit();
}

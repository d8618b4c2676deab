using System.Diagnostics;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.EndToEndTests.OpenClips;

/// <summary>A server with the committed models, for files and requests that failed in real use before.</summary>
public sealed class FieldServer : IAsyncLifetime
{
    private FreshDatabase? _database;

    public RunningServer? Server { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (AssetsFolder.Path is null)
            return;
        _database = await FreshDatabase.CreateAsync(TestContext.Current.CancellationToken);
        Server = await RunningServer.StartAsync(_database.ConnectionString, ["VideoUnderstanding:Models:Profile=starter"]);
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }
}

/// <summary>Each case is a script that asserts the correct response. The script ends with exit code 1 if the fault exists.</summary>
[Trait("Needs", "Assets")]
public sealed class FieldCaseTests(FieldServer field) : IClassFixture<FieldServer>
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData("browser-recording-35-minutes")]
    [InlineData("composed-and-decomposed-letters")]
    [InlineData("default-sound-track")]
    [InlineData("filename-with-quotes-from-go")]
    [InlineData("hdr-thumbnail")]
    [InlineData("matroska-starts-late")]
    [InlineData("packed-request-body")]
    [InlineData("raw-h264")]
    [InlineData("slide-show-of-slow-pictures")]
    [InlineData("sound-format-change")]
    [InlineData("srt-windows-1252")]
    [InlineData("stereo-out-of-phase")]
    [InlineData("subtitles-outlast-the-film")]
    [InlineData("transport-stream-jumps")]
    [InlineData("transport-stream-restarts")]
    [InlineData("trimmed-on-a-phone")]
    [InlineData("vtt-line-of-one-blank")]
    [InlineData("vtt-one-bad-cue")]
    [InlineData("words-without-blanks-between")]
    public async Task A_case_that_failed_before_gets_the_correct_response(string name)
    {
        AssetsFolder.Require();
        var script = new ProcessStartInfo("python3", [AssetsFolder.File($"field/{name}/repro.py")]) { RedirectStandardOutput = true };
        script.Environment["API"] = new Uri(field.Server!.Address, "/v1.1").ToString();
        script.Environment["KEY"] = field.Server.Key;
        script.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var clock = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        clock.CancelAfter(WaitTimeout);
        using var process = Process.Start(script)!;
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(clock.Token);
            await process.WaitForExitAsync(clock.Token);

            Assert.True(process.ExitCode == 0, output);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}

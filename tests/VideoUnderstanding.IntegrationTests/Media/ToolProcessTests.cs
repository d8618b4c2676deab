using System.Diagnostics;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.IntegrationTests.Media;

public sealed class ToolProcessTests
{
    private static readonly ToolLimits Limits = new() { Time = TimeSpan.FromSeconds(60) };

    [Fact]
    public async Task Arguments_are_passed_unchanged()
    {
        string[] words = ["a b", "\"quoted\"", "$(id)", "-x", ""];

        var output = await ToolProcess.RunAsync("printf", ["%s|", .. words], Limits, CancellationToken.None);

        Assert.Equal(string.Join('|', words) + "|", output.Text);
    }

    [Fact]
    public async Task The_error_of_a_missing_tool_contains_its_name()
    {
        var exception = await Assert.ThrowsAsync<ToolException>(
            () => ToolProcess.RunAsync("no-such-tool-here", [], Limits, CancellationToken.None));

        Assert.Equal(ToolFailure.NotStarted, exception.Failure);
        Assert.Contains("no-such-tool-here", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_error_of_a_failed_tool_contains_only_the_end_of_its_error_output()
    {
        var limits = Limits with { ErrorTailCharacters = 100 };
        var exception = await Assert.ThrowsAsync<ToolException>(
            () => ToolProcess.RunAsync("sh", ["-c", "yes noise | head -n 200000 >&2; echo the reason >&2; exit 3"], limits,
                CancellationToken.None));

        Assert.Equal((ToolFailure.Failed, 3), (exception.Failure, exception.ExitCode));
        Assert.EndsWith("the reason", exception.Message, StringComparison.Ordinal);
        Assert.True(exception.ErrorTail.Length <= 100);
    }

    [Fact]
    public async Task A_tool_is_killed_at_its_time_limit()
    {
        var clock = Stopwatch.StartNew();
        var exception = await Assert.ThrowsAsync<ToolException>(
            () => ToolProcess.RunAsync("sleep", ["61.5"], Limits with { Time = TimeSpan.FromSeconds(0.5) }, CancellationToken.None));

        Assert.Equal(ToolFailure.TimedOut, exception.Failure);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(40));
        Assert.True(await ClipFolder.IsGoneAsync("sleep\061.5"));
    }

    [Fact]
    public async Task A_tool_with_endless_output_is_stopped()
    {
        var exception = await Assert.ThrowsAsync<ToolException>(
            () => ToolProcess.RunAsync("yes", [], Limits with { MaxOutputBytes = 1000 }, CancellationToken.None));

        Assert.Equal(ToolFailure.TooMuchOutput, exception.Failure);
    }

    [Fact]
    public async Task Cancellation_kills_child_processes_of_the_tool_too()
    {
        using var cancelling = new CancellationTokenSource();
        await using var tool = ToolProcess.Start(new ToolCommand("sh", ["-c", "sleep 62.5 & echo $!; wait"]), Limits);
        var line = new byte[64];
        var count = await tool.Output.ReadAsync(line, CancellationToken.None);
        var child = System.Text.Encoding.ASCII.GetString(line, 0, count).Trim();
        Assert.True(Directory.Exists($"/proc/{child}"));

        var reading = tool.Output.ReadAsync(line, cancelling.Token).AsTask();
        await cancelling.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await tool.WaitForExitAsync(CancellationToken.None);
        Assert.True(await ClipFolder.IsGoneAsync("sleep\062.5"));
    }

    [Fact]
    public async Task Disposing_kills_a_running_tool()
    {
        var tool = ToolProcess.Start(new ToolCommand("sleep", ["63.5"]), Limits);
        await tool.DisposeAsync();

        Assert.True(await ClipFolder.IsGoneAsync("sleep\063.5"));
    }

    [Fact]
    public async Task A_tool_can_run_with_low_priority()
    {
        await using var tool = ToolProcess.Start(new ToolCommand("sleep", ["64.5"]), Limits with { LowPriority = true });

        // The nice value is field 19 of the line (proc(5)). The first two fields are before ") ".
        var fields = (await File.ReadAllTextAsync($"/proc/{tool.Id}/stat")).Split(") ")[1].Split(' ');
        Assert.True(int.Parse(fields[16]) > 0);
    }

    [Fact]
    public async Task A_background_process_that_keeps_the_pipes_open_does_not_delay_the_run()
    {
        var clock = Stopwatch.StartNew();
        await ToolProcess.RunAsync("sh", ["-c", "sleep 66.5 & exit 0"], Limits, CancellationToken.None);

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task Only_time_spent_waiting_for_the_tool_counts_towards_its_limit()
    {
        await using var tool = ToolProcess.Start(new ToolCommand("seq", ["1", "100000"]), Limits with { Time = TimeSpan.FromSeconds(4) });
        var buffer = new byte[200_000];
        var all = 0;
        for (var i = 0; await tool.Output.ReadAsync(buffer, CancellationToken.None) is var count and > 0; i++)
        {
            all += count;
            if (i < 5)
                await Task.Delay(1000);
        }

        Assert.Equal(588_895, all);
    }
}

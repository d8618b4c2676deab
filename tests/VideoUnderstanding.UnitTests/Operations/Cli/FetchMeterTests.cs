using Microsoft.Extensions.Time.Testing;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Operations.Cli;

namespace VideoUnderstanding.UnitTests.Operations.Cli;

public sealed class FetchMeterTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly StringWriter _output = new();

    [Fact]
    public void A_terminal_shows_one_line_with_rate_and_remaining_time()
    {
        var meter = new FetchMeter(_output, isTerminal: true, _clock);

        meter.Report(new FetchProgress("m", "a.onnx", 1, 2, 10_000_000, 50_000_000, 140_000_000));
        _clock.Advance(TimeSpan.FromSeconds(10));
        meter.Report(new FetchProgress("m", "a.onnx", 1, 2, 30_000_000, 50_000_000, 120_000_000));

        Assert.Equal(["", "1/2 m/a.onnx: 10.0 of 50.0 MB", "1/2 m/a.onnx: 30.0 of 50.0 MB, 2.0 MB/s, 1:00 left"],
            _output.ToString().Split('\r').Select(line => line.TrimEnd()));
    }

    [Fact]
    public void A_log_gets_a_line_per_file_and_at_most_one_every_15_seconds()
    {
        var meter = new FetchMeter(_output, isTerminal: false, _clock);
        for (var second = 0; second < 40; second++)
        {
            meter.Report(new FetchProgress("m", second < 20 ? "a" : "b", second < 20 ? 1 : 2, 2, second, 40, 40 - second));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["1/2 m/a", "1/2 m/a", "2/2 m/b", "2/2 m/b"], Lines().Select(line => line.Split(':')[0]));
    }

    [Fact]
    public void A_file_that_starts_again_shows_no_rate()
    {
        var meter = new FetchMeter(_output, isTerminal: false, _clock);

        meter.Report(new FetchProgress("m", "a", 1, 2, 40_000_000, 50_000_000, 10_000_000));
        _clock.Advance(TimeSpan.FromSeconds(20));
        meter.Report(new FetchProgress("m", "a", 1, 2, 0, 50_000_000, 50_000_000));

        Assert.Equal("1/2 m/a: 0.0 of 50.0 MB", Lines()[^1]);
    }

    private string[] Lines() => _output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
}

using Microsoft.Extensions.Time.Testing;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Indexing.Progress;
using VideoUnderstanding.Indexing.Stages;

namespace VideoUnderstanding.UnitTests.Indexing;

public sealed class ProgressEstimatorTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly StageSpeeds _speeds = new();

    [Fact]
    public void Without_measurements_the_default_weights_are_used()
    {
        var estimator = Estimator(("a", 0.3), ("b", 0.1));
        Assert.Equal((0, 40), (estimator.Percentage, estimator.RemainingSeconds));
    }

    [Fact]
    public void The_estimate_adapts_to_a_slow_machine()
    {
        var estimator = Estimator(("a", 0.3), ("b", 0.1));
        estimator.Begin("a");
        _clock.Advance(TimeSpan.FromSeconds(60));
        estimator.Report("a", 0.5);
        // Half took 60 s instead of the expected 15 s: 60 s more, and 10 s for the other stage.
        Assert.Equal(70, estimator.RemainingSeconds, 6);
        Assert.Equal(37.5, estimator.Percentage);
    }

    [Fact]
    public void A_stalled_stage_does_not_shorten_the_estimate()
    {
        var estimator = Estimator(("a", 0.3));
        estimator.Begin("a");
        _clock.Advance(TimeSpan.FromSeconds(300));
        Assert.Equal(300, estimator.RemainingSeconds, 6);
    }

    [Fact]
    public void Measured_speeds_are_used_for_the_next_video()
    {
        var first = Estimator(("a", 0.3));
        first.Begin("a");
        _clock.Advance(TimeSpan.FromSeconds(200));
        first.Finish("a");
        var second = Estimator(("a", 0.3));
        Assert.Equal(200, second.RemainingSeconds, 6);
    }

    [Fact]
    public void Percentages_never_decrease_and_stay_below_100_until_the_end()
    {
        var estimator = Estimator(("a", 0.3), ("b", 0.1));
        var seen = new List<double>();
        foreach (var stage in (string[])["a", "b"])
        {
            estimator.Begin(stage);
            foreach (var fraction in (double[])[0.1, 0.6, 0.4, 1])
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                estimator.Report(stage, fraction);
                seen.Add(estimator.Percentage);
            }
            estimator.Finish(stage);
        }
        Assert.Equal(seen.Order(), seen);
        Assert.Equal(99.9, estimator.Percentage);
    }

    [Fact]
    public void Stages_of_an_earlier_attempt_count_as_done()
    {
        var estimator = new ProgressEstimator([new FakeStage("a", 0.3), new FakeStage("b", 0.1)], new HashSet<string> { "a" }, 100, _speeds,
            _clock);
        Assert.Equal((75, 10), (estimator.Percentage, estimator.RemainingSeconds));
    }

    [Fact]
    public void The_longest_of_concurrent_stages_determines_the_remaining_time()
    {
        var estimator = Estimator(("pictures", 0.4), ("sound", 0.2), ("after", 0.1));
        estimator.Begin("pictures");
        estimator.Begin("sound");
        Assert.Equal(40 + 10, estimator.RemainingSeconds, 6);
        _clock.Advance(TimeSpan.FromSeconds(20));
        estimator.Report("pictures", 0.5);
        estimator.Report("sound", 0.25);
        // Pictures are as fast as expected: 20 s remain. Sound took 20 s for a quarter: 60 s remain.
        Assert.Equal(60 + 10, estimator.RemainingSeconds, 6);
        Assert.Equal(Math.Round(100 * (20 + 5) / 70.0, 1), estimator.Percentage);
        estimator.Finish("sound");
        Assert.Equal(20 + 10, estimator.RemainingSeconds, 6);
        Assert.Equal(Math.Round(100 * (20 + 20) / 70.0, 1), estimator.Percentage);
    }

    [Fact]
    public void Concurrent_stages_record_their_own_speeds()
    {
        var first = Estimator(("pictures", 0.4), ("sound", 0.2));
        first.Begin("pictures");
        first.Begin("sound");
        _clock.Advance(TimeSpan.FromSeconds(30));
        first.Finish("sound");
        _clock.Advance(TimeSpan.FromSeconds(50));
        first.Finish("pictures");
        Assert.Equal((80, 30), (Estimator(("pictures", 0.4)).RemainingSeconds, Estimator(("sound", 0.2)).RemainingSeconds));
    }

    private ProgressEstimator Estimator(params (string Name, double Weight)[] stages)
        => new(stages.Select(stage => new FakeStage(stage.Name, stage.Weight)), new HashSet<string>(), 100, _speeds, _clock);

    private sealed class FakeStage(string name, double weight) : IIndexingStage
    {
        public string Name => name;
        public double Weight => weight;
        public bool AppliesTo(IndexingRun run) => true;
        public Task<StageWrites> RunAsync(IndexingRun run, StageProgress progress, CancellationToken cancellationToken)
            => throw new NotSupportedException("Only its name and weight are asked for.");
    }
}

using System.Collections.Concurrent;
using VideoUnderstanding.Indexing.Stages;

namespace VideoUnderstanding.Indexing.Progress;

/// <summary>Estimates the progress and remaining time of a task from expected and measured durations. Thread-safe.</summary>
public sealed class ProgressEstimator
{
    /// <summary>Minimum share of a stage from which its measured speed is used.</summary>
    private const double MinMeasuredShare = 0.05;

    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly StageSpeeds _speeds;
    private readonly double _duration;
    private readonly List<PlannedStage> _plan;
    private double _reported;

    /// <param name="stages">The stages that apply to the task, in order.</param>
    /// <param name="finished">Names of the finished stages.</param>
    /// <param name="duration">Duration of the video in seconds.</param>
    public ProgressEstimator(
        IEnumerable<IIndexingStage> stages, IReadOnlySet<string> finished, double duration, StageSpeeds speeds, TimeProvider clock)
    {
        (_clock, _speeds, _duration) = (clock, speeds, Math.Max(duration, 0.1));
        _plan = [
            .. stages.Select(
                stage => new PlannedStage(stage.Name, speeds.Of(stage.Name, stage.Weight) * _duration, finished.Contains(stage.Name)))];
    }

    /// <summary>Starts a stage. Several can run at the same time.</summary>
    public void Begin(string stage)
    {
        lock (_lock)
        {
            if (Find(stage) is { } begun)
                (begun.Since, begun.Fraction) = (_clock.GetTimestamp(), 0);
        }
    }

    /// <param name="fraction">Completed share of the stage, 0 to 1.</param>
    public void Report(string stage, double fraction)
    {
        lock (_lock)
        {
            if (Find(stage) is { } running)
                running.Fraction = Math.Max(running.Fraction, fraction);
        }
    }

    /// <summary>Ends a stage and records its speed for later videos.</summary>
    public void Finish(string stage)
    {
        lock (_lock)
        {
            if (Find(stage) is not { Since: not null } finished)
                return;
            _speeds.Record(stage, Elapsed(finished) / _duration);
            (finished.Done, finished.Since) = (true, null);
        }
    }

    /// <summary>Progress in percent, 0 to 99.9; never decreases. 100 means that the video is searchable.</summary>
    public double Percentage
    {
        get
        {
            lock (_lock)
            {
                var all = _plan.Sum(stage => stage.ExpectedSeconds);
                var done = _plan.Sum(stage => stage.ExpectedSeconds * (stage.Done ? 1 : stage.Fraction));
                _reported = Math.Max(_reported, all <= 0 ? 0 : Math.Min(99.9, 100 * done / all));
                return Math.Round(_reported, 1);
            }
        }
    }

    /// <summary>The longest of the running stages, and the later ones.</summary>
    public double RemainingSeconds
    {
        get
        {
            lock (_lock)
            {
                var later = _plan.Where(stage => stage is { Done: false, Since: null }).Sum(stage => stage.ExpectedSeconds);
                return later + _plan.Where(stage => stage.Since is not null).Select(RemainingOf).DefaultIfEmpty(0).Max();
            }
        }
    }

    /// <summary>Returns null for a stage outside the estimate: one that validates.</summary>
    private PlannedStage? Find(string stage) => _plan.Find(planned => planned.Name == stage);

    private double Elapsed(PlannedStage running) => _clock.GetElapsedTime(running.Since!.Value).TotalSeconds;

    /// <summary>Returns the remaining seconds of a running stage: at first from the expected duration, then increasingly from the measured
    /// speed.</summary>
    private double RemainingOf(PlannedStage running)
    {
        var expected = running.ExpectedSeconds * (1 - running.Fraction);
        if (running.Fraction < MinMeasuredShare)
            return Math.Max(expected, Elapsed(running));
        var measured = Elapsed(running) * (1 - running.Fraction) / running.Fraction;
        var weight = Math.Min(1, running.Fraction * 4);
        return expected + (measured - expected) * weight;
    }

    private sealed class PlannedStage(string name, double expectedSeconds, bool done)
    {
        public string Name { get; } = name;
        public double ExpectedSeconds { get; } = expectedSeconds;
        public bool Done { get; set; } = done;

        /// <summary>Timestamp of the start; null if the stage is not running.</summary>
        public long? Since { get; set; }

        /// <summary>Completed share, 0 to 1.</summary>
        public double Fraction { get; set; }
    }
}

/// <summary>Measured speeds of stages since the process started, in seconds of work per second of video.</summary>
public sealed class StageSpeeds
{
    /// <summary>Weight of the newest measurement in the exponential moving average.</summary>
    private const double NewestShare = 0.4;

    private readonly ConcurrentDictionary<string, double> _measured = new();

    public double Of(string stage, double firstGuess) => _measured.GetValueOrDefault(stage, firstGuess);

    public void Record(string stage, double secondsPerSecond)
        => _measured.AddOrUpdate(stage, secondsPerSecond, (_, known) => known + (secondsPerSecond - known) * NewestShare);
}

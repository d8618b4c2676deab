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
    private PlannedStage? _current;
    private long _currentSince;
    private double _fraction;
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

    public void Begin(string stage)
    {
        lock (_lock)
            (_current, _currentSince, _fraction) = (_plan.Find(planned => planned.Name == stage), _clock.GetTimestamp(), 0);
    }

    public void Report(double fraction)
    {
        lock (_lock)
            _fraction = Math.Max(_fraction, fraction);
    }

    /// <summary>Ends the current stage and records its speed for later videos.</summary>
    public void Finish()
    {
        lock (_lock)
        {
            if (_current is null)
                return;
            _current.Done = true;
            _speeds.Record(_current.Name, Elapsed / _duration);
            _current = null;
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
                var done = _plan.Where(stage => stage.Done)
                    .Sum(stage => stage.ExpectedSeconds) + (_current is { Done: false } ? _current.ExpectedSeconds * _fraction : 0);
                _reported = Math.Max(_reported, all <= 0 ? 0 : Math.Min(99.9, 100 * done / all));
                return Math.Round(_reported, 1);
            }
        }
    }

    public double RemainingSeconds
    {
        get
        {
            lock (_lock)
            {
                var later = _plan.Where(stage => !stage.Done && stage != _current).Sum(stage => stage.ExpectedSeconds);
                return later + RemainingOfCurrent();
            }
        }
    }

    private double Elapsed => _clock.GetElapsedTime(_currentSince).TotalSeconds;

    /// <summary>Returns the remaining seconds of the current stage: at first from the expected duration, then increasingly from the
    /// measured speed.</summary>
    private double RemainingOfCurrent()
    {
        if (_current is not { Done: false } current)
            return 0;
        var expected = current.ExpectedSeconds * (1 - _fraction);
        if (_fraction < MinMeasuredShare)
            return Math.Max(expected, Elapsed);
        var measured = Elapsed * (1 - _fraction) / _fraction;
        var weight = Math.Min(1, _fraction * 4);
        return expected + (measured - expected) * weight;
    }

    private sealed class PlannedStage(string name, double expectedSeconds, bool done)
    {
        public string Name { get; } = name;
        public double ExpectedSeconds { get; } = expectedSeconds;
        public bool Done { get; set; } = done;
    }
}

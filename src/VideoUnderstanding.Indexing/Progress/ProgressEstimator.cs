using VideoUnderstanding.Indexing.Stages;

namespace VideoUnderstanding.Indexing.Progress;

/// <summary>How much of a task is done and how long the rest will take, from expected and measured times. Safe to ask from any
/// thread.</summary>
public sealed class ProgressEstimator
{
    /// <summary>Below this share of a stage its measured pace says little yet.</summary>
    private const double TellingShare = 0.05;

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly StageSpeeds _speeds;
    private readonly double _duration;
    private readonly List<PlannedStage> _plan;
    private PlannedStage? _current;
    private long _currentSince;
    private double _fraction;
    private double _shown;

    /// <param name="stages">The stages that apply, in order.</param>
    /// <param name="finished">Names of those that are done already.</param>
    /// <param name="duration">Seconds of video.</param>
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
        lock (_gate)
            (_current, _currentSince, _fraction) = (_plan.Find(planned => planned.Name == stage), _clock.GetTimestamp(), 0);
    }

    public void Report(double fraction)
    {
        lock (_gate)
            _fraction = Math.Max(_fraction, fraction);
    }

    /// <summary>The current stage is done: what it took is remembered for the next video.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            if (_current is null)
                return;
            _current.Done = true;
            _speeds.Learn(_current.Name, Elapsed / _duration);
            _current = null;
        }
    }

    /// <summary>Share of all work, 0 to 99.9; never goes back. The last tenth belongs to the moment when the video is really
    /// searchable.</summary>
    public double Percentage
    {
        get
        {
            lock (_gate)
            {
                var all = _plan.Sum(stage => stage.ExpectedSeconds);
                var done = _plan.Where(stage => stage.Done)
                    .Sum(stage => stage.ExpectedSeconds) + (_current is { Done: false } ? _current.ExpectedSeconds * _fraction : 0);
                _shown = Math.Max(_shown, all <= 0 ? 0 : Math.Min(99.9, 100 * done / all));
                return Math.Round(_shown, 1);
            }
        }
    }

    public double RemainingSeconds
    {
        get
        {
            lock (_gate)
            {
                var later = _plan.Where(stage => !stage.Done && stage != _current).Sum(stage => stage.ExpectedSeconds);
                return later + RemainingOfCurrent();
            }
        }
    }

    private double Elapsed => _clock.GetElapsedTime(_currentSince).TotalSeconds;

    /// <summary>First the expectation, then more and more the pace that is measured; a stage that stands still is expected to go on as
    /// slowly.</summary>
    private double RemainingOfCurrent()
    {
        if (_current is not { Done: false } current)
            return 0;
        var expected = current.ExpectedSeconds * (1 - _fraction);
        if (_fraction < TellingShare)
            return Math.Max(expected, Elapsed);
        var measured = Elapsed * (1 - _fraction) / _fraction;
        var trust = Math.Min(1, _fraction * 4);
        return expected + (measured - expected) * trust;
    }

    private sealed class PlannedStage(string name, double expectedSeconds, bool done)
    {
        public string Name { get; } = name;
        public double ExpectedSeconds { get; } = expectedSeconds;
        public bool Done { get; set; } = done;
    }
}

using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference.Sound;

namespace VideoUnderstanding.Indexing.Sound;

/// <summary>Turns class scores of windows into moments. A class is heard from the first to the last of its windows; classes that are heard
/// at nearly the same time share a moment.</summary>
/// <param name="duration">Seconds of video.</param>
public sealed class SoundMomentBuilder(SoundClasses classes, SoundWindows windows, SoundOptions options, double duration)
{
    /// <summary>Windows below the threshold that may lie inside one stretch: about a second.</summary>
    private const int BridgedWindows = 2;

    /// <summary>Windows by which both ends of two stretches may differ when they share a moment.</summary>
    private const int SameWithin = 1;

    private readonly int _most = options.MomentsOf(duration);
    private readonly OpenStretch?[] _open = new OpenStretch?[classes.Count];
    private List<Stretch> _closed = [];

    /// <summary>A stretch goes on while its class has half of the score that a moment needs.</summary>
    private double LeastToGoOn => options.MinScore / 2;

    /// <param name="window">Number of the window, ascending. Windows that are left out are silent.</param>
    /// <param name="scores">Score of every class.</param>
    public void Add(long window, float[] scores)
    {
        for (var number = 0; number < scores.Length; number++)
        {
            if (!(scores[number] >= LeastToGoOn) || !classes.Answers(number))
                continue;
            if (_open[number] is { } open && window - open.Last <= BridgedWindows + 1)
            {
                open.Add(window, scores[number]);
                continue;
            }
            Close(number);
            _open[number] = new OpenStretch(window, scores[number]);
        }
    }

    /// <returns>The moments in order of time.</returns>
    public IReadOnlyList<HeardMoment> Close()
    {
        for (var number = 0; number < _open.Length; number++)
            Close(number);
        return Moments(_closed);
    }

    /// <summary>The moments so far, in order of time. What may go on ends with its last window for now.</summary>
    public IReadOnlyList<HeardMoment> SoFar()
        => Moments([.. _closed, .. _open.Select((open, number) => open is null ? null : Ended(number, open)).OfType<Stretch>()]);

    private IReadOnlyList<HeardMoment> Moments(List<Stretch> closed)
    {
        var byFirst = closed.ToLookup(stretch => stretch.First);
        var taken = new HashSet<Stretch>();
        var moments = new List<HeardMoment>();
        foreach (var stretch in closed.OrderByDescending(stretch => stretch.Score).ThenBy(stretch => stretch.First)
            .ThenBy(stretch => stretch.Class))
        {
            if (moments.Count == _most)
                break;
            if (taken.Contains(stretch))
                continue;
            List<Stretch> shared = [.. Enumerable.Range(-SameWithin, 2 * SameWithin + 1).SelectMany(shift => byFirst[stretch.First + shift])
                .Where(other => Math.Abs(other.Last - stretch.Last) <= SameWithin && !taken.Contains(other))
                .OrderByDescending(other => other == stretch).ThenByDescending(other => other.Score).ThenBy(other => other.Class)
                    .Take(SoundMoment.MaxClasses)];
            taken.UnionWith(shared);
            if (MomentOf(stretch, shared) is { } moment)
                moments.Add(moment);
        }
        return [.. moments.OrderBy(moment => moment.Start).ThenBy(moment => moment.End)];
    }

    /// <summary>A window stands for the hop in its middle, since its neighbours hear its ends as well. The first one starts with the
    /// video.</summary>
    private HeardMoment? MomentOf(Stretch stretch, List<Stretch> shared)
    {
        var start = stretch.First == 0 ? 0 : (stretch.First + 0.5) * windows.HopSeconds;
        var end = Math.Min(duration, (stretch.Last + 1.5) * windows.HopSeconds);
        return start < end ? new HeardMoment(start, end, [.. shared.Select(one => (short)one.Class)],
            [.. shared.Select(one => (float)Math.Round(one.Score, 4))]) : null;
    }

    private void Close(int number)
    {
        if (_open[number] is { } open && Ended(number, open) is { } stretch)
            _closed.Add(stretch);
        _open[number] = null;
        // Bounded while it grows; sorting seldom costs little.
        var bound = SoundMoment.MaxClasses * _most;
        if (_closed.Count > 2 * bound)
            _closed = [.. _closed.OrderByDescending(stretch => stretch.Score).Take(bound)];
    }

    /// <returns>Null if the class was not heard clearly enough.</returns>
    private Stretch? Ended(int number, OpenStretch open)
        => open.Score >= options.MinScore ? new Stretch(number, open.First, open.Last, open.Score) : null;

    /// <summary>A class of sound from one window to another.</summary>
    private sealed record Stretch(int Class, long First, long Last, double Score);

    private sealed class OpenStretch(long first, float score)
    {
        private float _best = score;
        private float _second;

        public long First { get; } = first;

        public long Last { get; private set; } = first;

        /// <summary>Mean of the two best windows. A real sound is heard in two windows at least, since they overlap by half; a false alarm
        /// often only in one.</summary>
        public double Score => (_best + _second) / 2.0;

        public void Add(long window, float score)
        {
            Last = window;
            (_best, _second) = score > _best ? (score, _best) : (_best, Math.Max(_second, score));
        }
    }
}

/// <summary>A moment before it is a row. Seconds; the classes with the score of each, the seed of the moment first.</summary>
public sealed record HeardMoment(double Start, double End, short[] Classes, float[] Scores);

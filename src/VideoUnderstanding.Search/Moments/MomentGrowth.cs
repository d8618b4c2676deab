namespace VideoUnderstanding.Search.Moments;

/// <summary>Grows the moments of one curve. A frame belongs to at most one moment.</summary>
internal sealed class MomentGrowth(SimilarityCurve curve, MomentShape shape)
{
    private readonly bool[] _rejected = new bool[curve.Frames.Count];
    private readonly bool[] _taken = new bool[curve.Frames.Count];
    private readonly List<Stretch> _stretches = [];

    /// <summary>Frames [First, Last] around the frame Seed.</summary>
    private readonly record struct Stretch(int First, int Last, int Seed);

    public SimilarityCurve Curve => curve;
    public MomentShape Shape => shape;
    public int Count => _stretches.Count;

    public void TakeAll(int seed) => Take(new Stretch(0, curve.Frames.Count - 1, seed));

    /// <param name="cut">Minimum similarity within the moment; at most the seed's similarity.</param>
    public void Grow(int seed, double cut)
    {
        if (_taken[seed] || _rejected[seed] || OnSlope(seed))
            return;
        var height = curve.Smooth[seed] - cut;
        var first = Reach(seed, -1, cut, height);
        var last = Reach(seed, 1, cut, height);
        Take(new Stretch(SnapStart(first, seed), SnapEnd(last, seed), seed));
    }

    /// <summary>In order of time.</summary>
    public IReadOnlyList<Moment> Moments() => [.. _stretches.OrderBy(stretch => stretch.First).Select(ToMoment)];

    private void Take(Stretch stretch)
    {
        for (var i = stretch.First; i <= stretch.Last; i++)
            _taken[i] = true;
        _stretches.Add(stretch);
    }

    /// <summary>A frame next to an existing moment is on its slope and is no peak.</summary>
    private bool OnSlope(int seed)
    {
        _rejected[seed] = (seed > 0 && _taken[seed - 1]) || (seed + 1 < _taken.Length && _taken[seed + 1]);
        return _rejected[seed];
    }

    /// <summary>Returns the frame up to which the sum of (similarity - cut) × duration is greatest, and stops at dips that are too
    /// long.</summary>
    private int Reach(int seed, int step, double cut, double height)
    {
        var (best, bestGain, gain, dip) = (seed, 0.0, 0.0, 0.0);
        for (var i = seed + step; i >= 0 && i < _taken.Length && !_taken[i]; i += step)
        {
            var over = curve.Smooth[i] - cut;
            gain += over * curve.Frames[i].Length;
            dip = over >= 0 ? 0 : dip + curve.Frames[i].Length;
            var shallow = over > -height / 2;
            if (dip > (shallow ? shape.ShallowDip : shape.DeepDip))
                break;
            if (over >= 0 && gain >= bestGain)
                (best, bestGain) = (i, gain);
        }
        return best;
    }

    private int SnapStart(int first, int seed)
    {
        var here = curve.Frames[first].Start;
        return Nearest(first, i => i <= seed && IsShotBoundary(i) && FreeBetween(Math.Min(i, first), seed),
            i => Math.Abs(curve.Frames[i].Start - here));
    }

    private int SnapEnd(int last, int seed)
    {
        var here = curve.Frames[last].End;
        return Nearest(last, i => i >= seed && IsShotBoundary(i + 1) && FreeBetween(seed, Math.Max(i, last)),
            i => Math.Abs(curve.Frames[i].End - here));
    }

    /// <summary>Returns the nearest allowed frame within <see cref="MomentShape.Snap"/> seconds; otherwise the frame itself.</summary>
    private int Nearest(int own, Func<int, bool> allowed, Func<int, double> distance)
    {
        var (best, least) = (own, double.MaxValue);
        foreach (var i in Around(own, distance))
        {
            if (allowed(i) && distance(i) < least)
                (best, least) = (i, distance(i));
        }
        return best;
    }

    private IEnumerable<int> Around(int own, Func<int, double> distance)
    {
        for (var i = own; i >= 0 && distance(i) <= shape.Snap; i--)
            yield return i;
        for (var i = own + 1; i < _taken.Length && distance(i) <= shape.Snap; i++)
            yield return i;
    }

    /// <summary>True if a shot begins at this frame, and at the end of the video.</summary>
    private bool IsShotBoundary(int i) => i == 0 || i == curve.Frames.Count || curve.Frames[i].Shot != curve.Frames[i - 1].Shot;

    private bool FreeBetween(int first, int last)
    {
        for (var i = first; i <= last; i++)
        {
            if (_taken[i])
                return false;
        }
        return true;
    }

    private Moment ToMoment(Stretch stretch)
    {
        var inside = curve.Frames.Skip(stretch.First).Take(stretch.Last - stretch.First + 1).ToList();
        return new Moment(inside[0].Start, inside[^1].End, curve.Frames[stretch.Seed], Weighted.Best(inside, shape.BestSeconds));
    }
}

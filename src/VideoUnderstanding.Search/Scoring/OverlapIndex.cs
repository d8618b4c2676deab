namespace VideoUnderstanding.Search.Scoring;

/// <summary>Finds overlapping fragments of one video and option without a full scan.</summary>
internal sealed class OverlapIndex
{
    private readonly Fragment[] _byStart;
    private readonly double[] _latestEnd;

    public OverlapIndex(IReadOnlyList<Fragment> fragments)
    {
        _byStart = [.. fragments.OrderBy(fragment => fragment.Start)];
        _latestEnd = new double[_byStart.Length];
        for (var i = 0; i < _byStart.Length; i++)
            _latestEnd[i] = Math.Max(_byStart[i].End, i == 0 ? 0 : _latestEnd[i - 1]);
    }

    /// <summary>Returns the fragments that overlap or touch [start, end].</summary>
    public IEnumerable<Fragment> Touching(double start, double end)
    {
        for (var i = LastStartingBy(end); i >= 0 && _latestEnd[i] >= start; i--)
        {
            if (_byStart[i].End >= start)
                yield return _byStart[i];
        }
    }

    private int LastStartingBy(double time)
    {
        var (low, high) = (0, _byStart.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_byStart[middle].Start <= time)
                low = middle + 1;
            else
                high = middle;
        }
        return low - 1;
    }
}

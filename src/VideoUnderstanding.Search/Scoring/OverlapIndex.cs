namespace VideoUnderstanding.Search.Scoring;

/// <summary>The fragments of one video and option, found by time without looking at all of them.</summary>
internal sealed class OverlapIndex
{
    private readonly Fragment[] byStart;
    private readonly double[] latestEnd;

    public OverlapIndex(IReadOnlyList<Fragment> fragments)
    {
        byStart = [.. fragments.OrderBy(fragment => fragment.Start)];
        latestEnd = new double[byStart.Length];
        for (var i = 0; i < byStart.Length; i++)
            latestEnd[i] = Math.Max(byStart[i].End, i == 0 ? 0 : latestEnd[i - 1]);
    }

    /// <summary>Fragments that have a time in common with [start, end].</summary>
    public IEnumerable<Fragment> Touching(double start, double end)
    {
        for (var i = LastStartingBy(end); i >= 0 && latestEnd[i] >= start; i--)
        {
            if (byStart[i].End >= start)
                yield return byStart[i];
        }
    }

    private int LastStartingBy(double time)
    {
        var (low, high) = (0, byStart.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (byStart[middle].Start <= time)
                low = middle + 1;
            else
                high = middle;
        }
        return low - 1;
    }
}

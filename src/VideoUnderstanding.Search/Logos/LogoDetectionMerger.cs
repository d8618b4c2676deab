namespace VideoUnderstanding.Search.Logos;

/// <summary>Merges detections as they are read, grouped by video, so that only the unmerged detections of one video are in
/// memory.</summary>
/// <param name="maxGap">Seconds; see <see cref="LogoDetections.Merge"/>.</param>
/// <param name="maxFragments">Fragments to return; those with the highest scores are kept.</param>
internal sealed class LogoDetectionMerger(double maxGap, int maxFragments)
{
    private readonly List<LogoDetection> _open = [];
    private List<Fragment> _merged = [];

    /// <summary>True if the completed videos already have the maximum number of fragments.</summary>
    public bool IsFull => _merged.Count >= maxFragments;

    /// <param name="detection">A detection of the same video as the previous one, or of a new video.</param>
    public void Add(LogoDetection detection)
    {
        if (_open.Count > 0 && _open[0].VideoId != detection.VideoId)
            Close();
        _open.Add(detection);
    }

    public IReadOnlyList<Fragment> End()
    {
        Close();
        return Top(maxFragments);
    }

    private void Close()
    {
        _merged.AddRange(LogoDetections.Merge(_open, maxGap));
        _open.Clear();
        // Sorts only when four times the maximum is reached, so that sorting costs little.
        if (_merged.Count > 4L * maxFragments)
            _merged = Top(maxFragments);
    }

    private List<Fragment> Top(int count)
        => _merged.Count <= count ? _merged : [.. _merged.OrderByDescending(fragment => fragment.Score).Take(count)];
}

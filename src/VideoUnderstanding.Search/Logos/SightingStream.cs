namespace VideoUnderstanding.Search.Logos;

/// <summary>Merges sightings as they come, video by video, so that only those of one video are kept as they are.</summary>
/// <param name="bridged">See <see cref="Sightings.Merge"/>.</param>
/// <param name="most">Stretches that are wanted; of many more the surest are kept.</param>
internal sealed class SightingStream(double bridged, int most)
{
    private readonly List<Sighting> _open = [];
    private List<Fragment> _merged = [];

    /// <summary>As many stretches as are wanted have been found in the videos that are complete.</summary>
    public bool IsFull => _merged.Count >= most;

    /// <param name="sighting">Of the same video as the last one, or of one that was not there before.</param>
    public void Add(Sighting sighting)
    {
        if (_open.Count > 0 && _open[0].VideoId != sighting.VideoId)
            Close();
        _open.Add(sighting);
    }

    public IReadOnlyList<Fragment> End()
    {
        Close();
        return Surest(most);
    }

    private void Close()
    {
        _merged.AddRange(Sightings.Merge(_open, bridged));
        _open.Clear();
        // Seldom, so that sorting costs little.
        if (_merged.Count > 4L * most)
            _merged = Surest(most);
    }

    private List<Fragment> Surest(int count)
        => _merged.Count <= count ? _merged : [.. _merged.OrderByDescending(fragment => fragment.Score).Take(count)];
}

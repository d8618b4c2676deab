namespace VideoUnderstanding.Indexing.Logos;

/// <summary>Selects the regions of a frame to embed: those that changed and have contrast. Regions with high contrast and a long wait come
/// first, so that all regions get a turn in a busy scene.</summary>
internal sealed class RegionSelector(LogoRegionOptions options)
{
    /// <summary>Maximum number of waiting frames that increase the priority.</summary>
    private const int MaxWait = 12;

    private sealed class Place(RegionWindow window)
    {
        public RegionWindow Window { get; } = window;

        /// <summary>The frame whose region was last embedded; null if the region has changed since or was never embedded.</summary>
        public TileGrid? LastEmbedded { get; set; }

        public int FramesWaited { get; set; } = MaxWait;
    }

    private List<Place> _places = [];
    private (int, int) _size;

    /// <param name="limit">Maximum number of regions to select.</param>
    /// <returns>The places whose content changed, and the windows to embed, each with the index of its place.</returns>
    public (IReadOnlyList<int> Ended, IReadOnlyList<(int Place, RegionWindow Window)> Chosen) Next(TileGrid grid, int limit)
    {
        if (_size != (grid.Columns, grid.Rows))
            (_places, _size) = ([.. RegionWindow.Of(grid.Columns, grid.Rows).Select(window => new Place(window))],
                (grid.Columns, grid.Rows));
        var ended = new List<int>();
        var ranked = new List<(int Place, double Priority)>();
        foreach (var (number, place) in _places.Index())
        {
            if (place.LastEmbedded is { } before && grid.Difference(before, place.Window) <= options.SameTolerance)
                continue;
            if (place.LastEmbedded is not null)
                ended.Add(number);
            (place.LastEmbedded, place.FramesWaited) = (null, Math.Min(MaxWait, place.FramesWaited + 1));
            if (grid.Contrast(place.Window) is var contrast && contrast >= options.MinContrast)
                ranked.Add((number, contrast * place.FramesWaited));
        }
        var chosen = ranked.OrderByDescending(place => place.Priority).Take(limit)
            .Select(place => (place.Place, _places[place.Place].Window)).ToList();
        foreach (var (number, _) in chosen)
            (_places[number].LastEmbedded, _places[number].FramesWaited) = (grid, 0);
        return (ended, chosen);
    }
}

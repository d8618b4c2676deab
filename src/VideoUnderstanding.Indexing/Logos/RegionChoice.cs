namespace VideoUnderstanding.Indexing.Logos;

/// <summary>Decides which parts of a picture are worth a look: those that changed and are not flat, rich and long unseen ones first, so
/// that in a busy scene all places have their turn.</summary>
internal sealed class RegionChoice(LogoRegionOptions options)
{
    /// <summary>After so many pictures without its turn a place is not more urgent than after fewer.</summary>
    private const int LongestWait = 12;

    private sealed class Place(RegionWindow window)
    {
        public RegionWindow Window { get; } = window;

        /// <summary>The picture whose part was looked at last; null when that has changed since, or was never looked at.</summary>
        public TileGrid? Looked { get; set; }

        public int Waited { get; set; } = LongestWait;
    }

    private List<Place> _places = [];
    private (int, int) _size;

    /// <param name="limit">Parts that may be looked at, at most.</param>
    /// <returns>Places that no longer show what they showed, and the windows to look at now, each by the number of its place.</returns>
    public (IReadOnlyList<int> Ended, IReadOnlyList<(int Place, RegionWindow Window)> Chosen) Next(TileGrid grid, int limit)
    {
        if (_size != (grid.Columns, grid.Rows))
            (_places, _size) = ([.. RegionWindow.Of(grid.Columns, grid.Rows).Select(window => new Place(window))],
                (grid.Columns, grid.Rows));
        var ended = new List<int>();
        var ranked = new List<(int Place, double Worth)>();
        foreach (var (number, place) in _places.Index())
        {
            if (place.Looked is { } before && grid.Difference(before, place.Window) <= options.SameTolerance)
                continue;
            if (place.Looked is not null)
                ended.Add(number);
            (place.Looked, place.Waited) = (null, Math.Min(LongestWait, place.Waited + 1));
            if (grid.Contrast(place.Window) is var contrast && contrast >= options.MinContrast)
                ranked.Add((number, contrast * place.Waited));
        }
        var chosen = ranked.OrderByDescending(place => place.Worth).Take(limit).Select(place => (place.Place, _places[place.Place].Window))
            .ToList();
        foreach (var (number, _) in chosen)
            (_places[number].Looked, _places[number].Waited) = (grid, 0);
        return (ended, chosen);
    }
}

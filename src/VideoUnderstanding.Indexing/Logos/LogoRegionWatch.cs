using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Inference.Visual;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Logos;

/// <summary>Turns parts of pictures into vectors, so that any logo can be looked for among them later.</summary>
/// <param name="duration">Seconds of the video.</param>
public sealed class LogoRegionWatch(VisualEmbedder embedder, LogoRegionOptions options, double duration, RowChunks chunks)
{
    private readonly RegionChoice _choice = new(options);
    private readonly Dictionary<int, SeenRegion> _standing = [];

    // Bounded by MaxPerVideo.
    private readonly List<SeenRegion> _regions = [];

    private int _committed;

    public async Task WatchAsync(IAsyncEnumerable<Frame> frames, CancellationToken cancellationToken)
    {
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            if (_regions.Count > 0 && frame.Start > _regions[^1].Start && chunks.TryPass(frame.Start))
                await CommitAsync(frame.Start, cancellationToken);
            await LookAsync(frame, cancellationToken);
        }
    }

    /// <summary>Commits the regions that have come since the last chunk. Those that still stand end here for now; the end of the stage
    /// writes all of them again.</summary>
    private async Task CommitAsync(double until, CancellationToken cancellationToken)
    {
        foreach (var region in _standing.Values)
            region.End = until;
        List<SeenRegion> come = [.. _regions.Skip(_committed)];
        await chunks.CommitAsync(until,
            (db, stretch, token) => SearchRows.ReplaceRegionsAsync(db, stretch, LogoRegionRows.Of(stretch, come), token),
            cancellationToken);
        _committed = _regions.Count;
    }

    internal IReadOnlyList<SeenRegion> Close()
    {
        foreach (var region in _standing.Values)
            region.End = Math.Max(region.Start, duration);
        _standing.Clear();
        return _regions;
    }

    private async Task LookAsync(Frame frame, CancellationToken cancellationToken)
    {
        var grid = TileGrid.Of(frame);
        var (ended, chosen) = _choice.Next(grid, LeftAt(frame.Start));
        foreach (var place in ended)
            if (_standing.Remove(place, out var gone))
                gone.End = frame.Start;
        if (chosen.Count == 0)
            return;
        // A picture at a time, which bounds what is in memory: by default 24 parts, a few of them large.
        var vectors = await embedder.EmbedFramesAsync([.. chosen.Select(part => part.Window.Cut(frame, grid.Columns, grid.Rows))],
            cancellationToken);
        foreach (var ((place, window), vector) in chosen.Zip(vectors))
            _regions.Add(_standing[place] = Region(frame.Start, window, grid, vector));
    }

    /// <summary>What the video may have is spread over its time: a busy beginning does not use up what the end needs.</summary>
    private int LeftAt(double time)
    {
        var share = duration > 0 ? Math.Min(1, (time + 1) / duration) : 1;
        return Math.Clamp((int)(options.MaxPerVideo * share) - _regions.Count, 0, options.MaxPerPicture);
    }

    private static SeenRegion Region(double time, RegionWindow window, TileGrid grid, float[] vector) => new(
        time, (double)window.Left / grid.Columns, (double)window.Top / grid.Rows, (double)window.Side / grid.Columns,
        (double)window.Side / grid.Rows,
        Array.ConvertAll(vector, value => (Half)value));
}

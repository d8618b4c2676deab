using Pgvector;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Inference.Visual;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Logos;

/// <summary>Embeds frame regions, so that logos can be added and searched later.</summary>
/// <param name="duration">Duration of the video in seconds.</param>
public sealed class LogoRegionExtractor(VisualEmbedder embedder, LogoRegionOptions options, double duration, RowChunks chunks)
{
    private readonly RegionSelector _selector = new(options);
    private readonly Dictionary<int, TrackedRegion> _open = [];

    // At most MaxPerVideo.
    private readonly List<TrackedRegion> _regions = [];

    private int _committed;

    public async Task ProcessAsync(IAsyncEnumerable<Frame> frames, CancellationToken cancellationToken)
    {
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            if (_regions.Count > 0 && frame.Start > _regions[^1].Start && chunks.TryEnterChunk(frame.Start))
                await CommitAsync(frame.Start, cancellationToken);
            await ProcessFrameAsync(frame, cancellationToken);
        }
    }

    /// <summary>Commits the regions since the last chunk. Open regions end here provisionally; the end of the stage writes all regions
    /// again.</summary>
    private async Task CommitAsync(double until, CancellationToken cancellationToken)
    {
        foreach (var region in _open.Values)
            region.End = until;
        List<TrackedRegion> added = [.. _regions.Skip(_committed)];
        await chunks.CommitAsync(until,
            (db, range, token) => SearchRows.ReplaceRegionsAsync(db, range, LogoRegionRows.Of(range, added), token),
            cancellationToken);
        _committed = _regions.Count;
    }

    internal IReadOnlyList<TrackedRegion> Close()
    {
        foreach (var region in _open.Values)
            region.End = Math.Max(region.Start, duration);
        _open.Clear();
        return _regions;
    }

    private async Task ProcessFrameAsync(Frame frame, CancellationToken cancellationToken)
    {
        var grid = TileGrid.Of(frame);
        var (ended, chosen) = _selector.Next(grid, RemainingBudgetAt(frame.Start));
        foreach (var place in ended)
            if (_open.Remove(place, out var region))
                region.End = frame.Start;
        if (chosen.Count == 0)
            return;
        // One frame at a time, which limits memory: 24 regions by default, some of them large.
        var vectors = await embedder.EmbedFramesAsync([.. chosen.Select(part => part.Window.Crop(frame, grid.Columns, grid.Rows))],
            cancellationToken);
        foreach (var ((place, window), vector) in chosen.Zip(vectors))
            _regions.Add(_open[place] = Region(frame.Start, window, grid, vector));
    }

    /// <summary>Returns the number of regions that may be added at a time. The budget is distributed over the duration.</summary>
    private int RemainingBudgetAt(double time)
    {
        var share = duration > 0 ? Math.Min(1, (time + 1) / duration) : 1;
        return Math.Clamp((int)(options.MaxPerVideo * share) - _regions.Count, 0, options.MaxPerPicture);
    }

    private static TrackedRegion Region(double time, RegionWindow window, TileGrid grid, float[] vector) => new(
        time, (double)window.Left / grid.Columns, (double)window.Top / grid.Rows, (double)window.Side / grid.Columns,
        (double)window.Side / grid.Rows,
        Array.ConvertAll(vector, value => (Half)value));
}

/// <summary>A frame region that did not change from <paramref name="Start"/> to <see cref="End"/>. Times are seconds; edges are shares of
/// the frame, 0 to 1.</summary>
internal sealed record TrackedRegion(double Start, double Left, double Top, double Width, double Height, Half[] Vector)
{
    public double End { get; set; } = Start;
}

/// <summary>Creates the rows of frame regions of one video.</summary>
internal static class LogoRegionRows
{
    public static IEnumerable<LogoRegion> Of(VideoRange video, IReadOnlyList<TrackedRegion> regions)
        => regions.Select(region => new LogoRegion
        {
            IndexId = video.IndexId,
            VideoId = video.VideoId,
            Start = region.Start,
            End = region.End,
            Left = (float)region.Left,
            Top = (float)region.Top,
            Width = (float)region.Width,
            Height = (float)region.Height,
            Embedding = new HalfVector(region.Vector),
        });
}

using Pgvector;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;

namespace VideoUnderstanding.Indexing.Logos;

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

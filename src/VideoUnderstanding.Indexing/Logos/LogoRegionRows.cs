using Pgvector;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;

namespace VideoUnderstanding.Indexing.Logos;

/// <summary>Parts of the pictures of one video as they are stored.</summary>
internal static class LogoRegionRows
{
    public static IEnumerable<LogoRegion> Of(VideoStretch video, IReadOnlyList<SeenRegion> regions)
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

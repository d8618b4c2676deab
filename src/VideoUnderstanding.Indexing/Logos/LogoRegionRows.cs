using Pgvector;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Indexing.Logos;

/// <summary>Parts of the pictures of one video as they are stored.</summary>
internal static class LogoRegionRows
{
    public static IEnumerable<LogoRegion> Of(IndexingRun run, IReadOnlyList<SeenRegion> regions) => regions.Select(region => new LogoRegion
    {
        IndexId = run.Index.Id,
        VideoId = run.VideoId,
        Start = region.Start,
        End = region.End,
        Left = (float)region.Left,
        Top = (float)region.Top,
        Width = (float)region.Width,
        Height = (float)region.Height,
        Embedding = new HalfVector(region.Vector),
    });
}

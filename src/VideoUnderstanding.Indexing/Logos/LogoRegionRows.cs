using Microsoft.EntityFrameworkCore;
using Pgvector;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Indexing.Logos;

/// <summary>How the parts of one video replace what is stored.</summary>
internal static class LogoRegionRows
{
    /// <summary>Rows sent to the database at once.</summary>
    private const int ChunkSize = 500;

    /// <summary>Old and new rows change places in the caller's transaction.</summary>
    public static async Task ReplaceAsync(VideoDbContext db, IndexingRun run, IReadOnlyList<SeenRegion> regions, CancellationToken cancellationToken)
    {
        await db.LogoRegions.Where(row => row.VideoId == run.VideoId).ExecuteDeleteAsync(cancellationToken);
        foreach (var chunk in regions.Chunk(ChunkSize))
        {
            db.LogoRegions.AddRange(chunk.Select(region => new LogoRegion
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
            }));
            await db.SaveChangesAsync(cancellationToken);
            db.ChangeTracker.Clear();
        }
    }
}

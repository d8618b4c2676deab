using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing.Journal;

namespace VideoUnderstanding.Indexing.Upkeep;

/// <summary>Finds unfinished tasks without a worker: their process crashed, their queue entry was lost, or their next attempt is
/// due.</summary>
public sealed class OrphanedTasks(VideoDbContext db, RunStarter starter)
{
    /// <returns>Task ids, oldest first. Some may already be queued.</returns>
    public async Task<IReadOnlyList<string>> FindAsync(CancellationToken cancellationToken)
    {
        var held = await LeaseKeys.HeldAsync(db, cancellationToken);
        var open = await db.Tasks.AsNoTracking()
            .Where(task => task.State == TaskState.Validating || task.State == TaskState.Pending || task.State == TaskState.Indexing)
            .OrderBy(task => task.CreatedAt)
            .ToListAsync(cancellationToken);
        return [.. open.Where(task => !held.Contains(LeaseKeys.Of(task.Id)) && !starter.MustWait(task)).Select(task => task.Id)];
    }
}

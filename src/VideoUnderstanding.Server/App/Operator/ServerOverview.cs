using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Indexes;

namespace VideoUnderstanding.Server.App.Operator;

/// <summary>Counts and lists of all accounts.</summary>
/// <param name="Indexes">The most recently updated live indexes.</param>
/// <param name="StoredBytes">Total size of the stored videos and of their kept pictures in bytes.</param>
internal sealed record ServerOverview(
    IReadOnlyList<IndexSummary> Indexes, int IndexCount, IReadOnlyDictionary<TaskState, int> Tasks, IReadOnlyList<FailureSummary> Failures,
    long StoredBytes)
{
    private const int MaxIndexes = 100;
    private const int MaxFailures = 20;

    public static async Task<ServerOverview> ReadAsync(VideoDbContext db, CancellationToken cancellationToken)
    {
        var live = db.Indexes.AsNoTracking().Live();
        var rows = await live.OrderByDescending(index => index.UpdatedAt).ThenBy(index => index.Id).Take(MaxIndexes)
            .Join(db.Accounts, index => index.AccountId, account => account.Id,
                (index, account) => new { index.Id, index.Name, Account = account.Name, index.Options })
            .ToListAsync(cancellationToken);
        var totals = await IndexTotals.ReadAsync(db, [.. rows.Select(row => row.Id)], cancellationToken);
        var tasks = await db.Tasks.GroupBy(task => task.State).Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        var failures = await db.Tasks.AsNoTracking().Where(task => task.State == TaskState.Failed).OrderByDescending(task => task.UpdatedAt)
            .Take(MaxFailures)
            .Select(task => new FailureSummary(task.Id, task.Filename, task.UpdatedAt, task.ErrorCode ?? "", task.ErrorReason ?? ""))
            .ToListAsync(cancellationToken);
        var stored = await db.Videos.Where(video => !db.Tasks.Any(task => task.VideoId == video.Id && task.State == TaskState.Failed))
            .SumAsync(video => (video.Size ?? 0) + (video.PicturesSize ?? 0), cancellationToken);
        return new ServerOverview(
            [.. rows.Select(row => new IndexSummary(row.Name, row.Account, row.Options, totals.GetValueOrDefault(row.Id)))],
            await live.CountAsync(cancellationToken), tasks, failures, stored);
    }
}

internal sealed record IndexSummary(string Name, string Account, IReadOnlyList<string> Options, IndexTotals Totals);

internal sealed record FailureSummary(string TaskId, string Filename, DateTimeOffset At, string Code, string Reason);

using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Indexes;

namespace VideoUnderstanding.Server.App.Operator;

/// <summary>Counts and lists of the whole server, all accounts.</summary>
/// <param name="Indexes">The live indexes that changed last.</param>
/// <param name="StoredBytes">Of all videos whose files are kept.</param>
internal sealed record ServerOverview(
    IReadOnlyList<IndexLine> Indexes, int IndexCount, IReadOnlyDictionary<TaskState, int> Tasks, IReadOnlyList<FailureLine> Failures,
    long StoredBytes)
{
    private const int MostIndexes = 100;
    private const int MostFailures = 20;

    public static async Task<ServerOverview> ReadAsync(VideoDbContext db, CancellationToken cancellationToken)
    {
        var live = db.Indexes.AsNoTracking().Live();
        var rows = await live.OrderByDescending(index => index.UpdatedAt).ThenBy(index => index.Id).Take(MostIndexes)
            .Join(db.Accounts, index => index.AccountId, account => account.Id,
                (index, account) => new { index.Id, index.Name, Account = account.Name, index.Options })
            .ToListAsync(cancellationToken);
        var totals = await IndexTotals.OfAsync(db, [.. rows.Select(row => row.Id)], cancellationToken);
        var tasks = await db.Tasks.GroupBy(task => task.State).Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        var failures = await db.Tasks.AsNoTracking().Where(task => task.State == TaskState.Failed).OrderByDescending(task => task.UpdatedAt)
            .Take(MostFailures)
            .Select(task => new FailureLine(task.Id, task.Filename, task.UpdatedAt, task.ErrorCode ?? "", task.ErrorReason ?? ""))
            .ToListAsync(cancellationToken);
        var stored = await db.Videos.Where(video => !db.Tasks.Any(task => task.VideoId == video.Id && task.State == TaskState.Failed))
            .SumAsync(video => video.Size ?? 0, cancellationToken);
        return new ServerOverview(
            [.. rows.Select(row => new IndexLine(row.Name, row.Account, row.Options, totals.GetValueOrDefault(row.Id)))],
            await live.CountAsync(cancellationToken), tasks, failures, stored);
    }
}

internal sealed record IndexLine(string Name, string Account, IReadOnlyList<string> Options, IndexTotals Totals);

internal sealed record FailureLine(string TaskId, string Filename, DateTimeOffset At, string Code, string Reason);

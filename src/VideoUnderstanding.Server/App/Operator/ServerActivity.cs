using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Server.App.Operator;

/// <summary>What the tasks of all accounts did in each of the last hours, computed from their rows.</summary>
internal static class ServerActivity
{
    public const int Hours = 24;

    /// <summary>Maximum rows that are read. With more finished tasks in a day, the counts of the oldest hours are too low.</summary>
    private const int MaxRows = 200_000;

    public static async Task<IReadOnlyList<ActivityHour>> ReadAsync(
        VideoDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = StartOf(now, 0);
        var rows = await db.Tasks.AsNoTracking()
            .Where(task => (task.State != TaskState.Ready && task.State != TaskState.Failed) || task.UpdatedAt >= since)
            .OrderByDescending(task => task.UpdatedAt).Take(MaxRows)
            .Select(task => new TaskTimes(task.State, task.CreatedAt, task.UpdatedAt, task.Duration ?? 0))
            .ToListAsync(cancellationToken);
        return Of(rows, now);
    }

    /// <summary>Returns the last 24 hours, oldest first; the last hour is incomplete.</summary>
    /// <param name="tasks">All unfinished tasks, and those that ended in these hours.</param>
    internal static IReadOnlyList<ActivityHour> Of(IReadOnlyList<TaskTimes> tasks, DateTimeOffset now)
        => [.. Enumerable.Range(0, Hours).Select(number => HourOf(tasks, StartOf(now, number)))];

    private static ActivityHour HourOf(IReadOnlyList<TaskTimes> tasks, DateTimeOffset start)
    {
        var (end, hour) = (start.AddHours(1), new ActivityHour(start, 0, 0, 0, 0));
        foreach (var task in tasks)
        {
            var ended = task.IsOver && task.UpdatedAt >= start && task.UpdatedAt < end;
            if (ended && task.State == TaskState.Ready)
                hour = hour with { Ready = hour.Ready + 1, Duration = hour.Duration + task.Duration };
            else if (ended)
                hour = hour with { Failed = hour.Failed + 1 };
            if (task.CreatedAt < end && (!task.IsOver || task.UpdatedAt >= end))
                hour = hour with { Queued = hour.Queued + 1 };
        }
        return hour;
    }

    private static DateTimeOffset StartOf(DateTimeOffset now, int number)
        => new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddHours(now.UtcDateTime.Hour - (Hours - 1) + number);
}

/// <summary>The times of a task.</summary>
/// <param name="UpdatedAt">For a task that has ended, the time of its end.</param>
/// <param name="Duration">Seconds of its video; 0 if unknown.</param>
internal sealed record TaskTimes(TaskState State, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, double Duration)
{
    public bool IsOver => State is TaskState.Ready or TaskState.Failed;
}

/// <summary>One hour.</summary>
/// <param name="Start">Start of the hour, UTC.</param>
/// <param name="Ready">Tasks that became ready.</param>
/// <param name="Failed">Tasks that failed.</param>
/// <param name="Duration">Seconds of video of the ready tasks.</param>
/// <param name="Queued">Tasks that had not ended at the end of the hour.</param>
public sealed record ActivityHour(DateTimeOffset Start, int Ready, int Failed, double Duration, int Queued);

using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Reading;

namespace VideoUnderstanding.Server.Api.Tasks;

/// <summary>The filters of the list of tasks. CONTRACT, section 4.</summary>
internal static class TaskList
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    /// <summary>A state of later 1.1.x servers, which no task has here. CONTRACT, section 6.3. Clients that count the tasks of each state
    /// also filter by it.</summary>
    private const string UnusedState = "queued";

    public static ListTable<IndexingTask> Table { get; } = new(
    [
        ListFields.Id<IndexingTask>("_id", task => task.Id),
        ListFields.Id<IndexingTask>("index_id", task => task.IndexId),
        ListFields.Id<IndexingTask>("video_id", task => task.VideoId),
        ListFields.NormalText<IndexingTask>("filename", task => task.NormalFilename),
        ListFields.EnumName<IndexingTask, TaskState>("status", task => task.State, UnusedState),
        ListFields.Seconds<IndexingTask>("duration", task => task.Duration, task => Math.Floor(task.Duration!.Value)),
        ListFields.Number<IndexingTask>("width", task => task.Width),
        ListFields.Number<IndexingTask>("height", task => task.Height),
        ListFields.Time<IndexingTask>("created_at", task => task.CreatedAt, Millisecond),
        ListFields.Time<IndexingTask>("updated_at", task => task.UpdatedAt, Millisecond),
        ListFields.Time<IndexingTask>("estimated_time", task => task.EstimatedTime, Millisecond),
    ], task => task.Id, task => task.CreatedAt, task => task.UpdatedAt);
}

using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Reading;

namespace VideoUnderstanding.Server.Api.Tasks;

/// <summary>By what the list of tasks can be filtered. CONTRACT, section 4.</summary>
internal static class TaskList
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    /// <summary>A state of late 1.1.x servers that this one never sends. CONTRACT, section 6.3. Who counts the tasks of every state asks
    /// for it, too.</summary>
    private const string NeverSent = "queued";

    public static ListTable<IndexingTask> Table { get; } = new(
    [
        ListFields.Id<IndexingTask>("_id", task => task.Id),
        ListFields.Id<IndexingTask>("index_id", task => task.IndexId),
        ListFields.Id<IndexingTask>("video_id", task => task.VideoId),
        ListFields.NormalText<IndexingTask>("filename", task => task.NormalFilename),
        ListFields.Word<IndexingTask, TaskState>("status", task => task.State, NeverSent),
        ListFields.Seconds<IndexingTask>("duration", task => task.Duration, task => Math.Floor(task.Duration!.Value)),
        ListFields.Number<IndexingTask>("width", task => task.Width),
        ListFields.Number<IndexingTask>("height", task => task.Height),
        ListFields.Time<IndexingTask>("created_at", task => task.CreatedAt, Millisecond),
        ListFields.Time<IndexingTask>("updated_at", task => task.UpdatedAt, Millisecond),
        ListFields.Time<IndexingTask>("estimated_time", task => task.EstimatedTime, Millisecond),
    ], task => task.Id, task => task.CreatedAt, task => task.UpdatedAt);
}

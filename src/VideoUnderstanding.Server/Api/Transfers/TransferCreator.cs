using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Tasks;

namespace VideoUnderstanding.Server.Api.Transfers;

/// <summary>Creates videos and tasks for the elements of a validated transfer: commits all rows, then starts the tasks.</summary>
public sealed class TransferCreator(TaskRowWriter rows)
{
    /// <param name="writeRelated">Writes related rows in the same transaction, given the ids of the tasks in the order of
    /// <paramref name="items"/>; null for nothing.</param>
    /// <returns>Null if all tasks were created; otherwise the id of an index that was deleted meanwhile, and nothing was created.</returns>
    public async Task<string?> AddAsync(
        IReadOnlyList<TransferItem> items, Func<IReadOnlyList<string>, Task>? writeRelated, CancellationToken cancellationToken)
    {
        var created = items.Select(Create).ToList();
        var write = writeRelated is null ? null : (Func<Task>)(() => writeRelated([.. created.Select(row => row.Task.Id)]));
        if (await rows.SaveAsync(created, write, cancellationToken) is { } deletedIndexId)
            return deletedIndexId;
        await rows.StartAsync(created.Count);
        return null;
    }

    private (Video Video, IndexingTask Task) Create(TransferItem item)
        => rows.Create(item.Index, item.Filename,
            new TaskSources(item.Language, item.Object, item.Transcription is not null, item.Transcription));
}

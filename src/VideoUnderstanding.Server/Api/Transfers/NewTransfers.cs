using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Tasks;

namespace VideoUnderstanding.Server.Api.Transfers;

/// <summary>Turns the elements of an accepted transfer into videos and tasks: all rows at once, then the queue.</summary>
public sealed class NewTransfers(NewTaskRows rows)
{
    /// <param name="beside">Writes what belongs to the tasks in the same transaction, given their identifiers in the order of
    /// <paramref name="orders"/>; null for nothing.</param>
    /// <returns>An index that was deleted meanwhile: nothing is made then. Null when all is.</returns>
    public async Task<string?> AddAsync(
        IReadOnlyList<TransferOrder> orders, Func<IReadOnlyList<string>, Task>? beside, CancellationToken cancellationToken)
    {
        var made = orders.Select(Make).ToList();
        var also = beside is null ? null : (Func<Task>)(() => beside([.. made.Select(row => row.Task.Id)]));
        if (await rows.SaveAsync(made, also, cancellationToken) is { } gone)
            return gone;
        rows.Enqueue([.. made.Select(row => row.Task.Id)]);
        return null;
    }

    private (Video Video, IndexingTask Task) Make(TransferOrder order)
        => rows.Make(order.Index, order.Filename,
            new TaskSources(order.Language, order.Object, order.Transcription is not null, order.Transcription));
}

using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Tasks;

namespace VideoUnderstanding.Server.Api.Transfers;

/// <summary>Turns the elements of an accepted transfer into videos and tasks: all rows at once, then the queue.</summary>
public sealed class NewTransfers(NewTaskRows rows, TimeProvider clock)
{
    /// <returns>An index that was deleted meanwhile: nothing is made then. Null when all is.</returns>
    public async Task<string?> AddAsync(IReadOnlyList<TransferOrder> orders, CancellationToken cancellationToken)
    {
        var made = orders.Select(Make).ToList();
        if (await rows.SaveAsync(made, cancellationToken) is { } gone)
            return gone;
        rows.Enqueue([.. made.Select(row => row.Task.Id)]);
        return null;
    }

    private (Video Video, IndexingTask Task) Make(TransferOrder order)
    {
        var now = clock.GetUtcNow();
        var video = new Video
        {
            Id = ObjectIds.New(clock),
            AccountId = order.Index.AccountId,
            IndexId = order.Index.Id,
            Filename = order.Filename,
            CreatedAt = now,
            UpdatedAt = now,
        };
        return (video, new IndexingTask
        {
            Id = ObjectIds.New(clock),
            AccountId = video.AccountId,
            IndexId = video.IndexId,
            VideoId = video.Id,
            State = TaskState.Validating,
            Language = order.Language,
            Filename = video.Filename,
            VideoUrl = order.Object,
            ProvidesTranscription = order.Transcription is not null,
            TranscriptionUrl = order.Transcription,
            CreatedAt = now,
            UpdatedAt = now,
        });
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing.Fetching;
using VideoUnderstanding.Server.Api.Tasks.Uploads;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Transfers;

/// <summary>Whether the elements of a transfer can become tasks, as far as that can be told without opening what they name.</summary>
public sealed class TransferChecks(VideoDbContext db, TransferSources sources, UploadChecks uploads, IOptions<LanguageOptions> languages)
{
    /// <returns>One order for each element, or the first thing that is wrong.</returns>
    public async Task<(IReadOnlyList<TransferOrder> Orders, ApiError? Error)> CheckAsync(IReadOnlyList<TransferElementRequest> elements, Caller caller, CancellationToken cancellationToken)
    {
        var ids = elements.Select(element => element.IndexId!).Distinct().ToList();
        var indexes = await db.Indexes.AsNoTracking().OwnedBy(caller.AccountId).Live().Where(index => ids.Contains(index.Id)).ToDictionaryAsync(index => index.Id, cancellationToken);
        var orders = new List<TransferOrder>(elements.Count);
        foreach (var element in elements)
        {
            var (order, error) = Check(element, indexes);
            if (order is null)
                return ([], error!.InElement(orders.Count + 1));
            orders.Add(order);
        }
        var needs = orders.Select(order => (order.Index, ProvidesTranscription: order.Transcription is not null)).Distinct();
        return (orders, needs.Select(need => uploads.CheckModels(need.Index, need.ProvidesTranscription)).FirstOrDefault(error => error is not null));
    }

    private (TransferOrder? Order, ApiError? Error) Check(TransferElementRequest element, Dictionary<string, VideoIndex> indexes)
    {
        if (!indexes.TryGetValue(element.IndexId!, out var index))
            return (null, ApiError.NotFound("indexes", element.IndexId!));
        if (languages.Value.Find(element.Language) is not { } language)
            return (null, ApiError.UnknownLanguage(languages.Value));
        var video = element.Object!.Trim();
        var transcription = string.IsNullOrWhiteSpace(element.Transcription) ? null : element.Transcription.Trim();
        var (filename, error) = CheckSource(TransferElementRequest.ObjectMember, video);
        if (error is null && transcription is not null)
            (_, error) = CheckSource(TransferElementRequest.TranscriptionMember, transcription);
        return error is null ? (new TransferOrder(index, video, transcription, Filenames.Clean(filename), language), null) : (null, error);
    }

    private (string? Filename, ApiError? Error) CheckSource(string member, string address)
    {
        try
        {
            return (sources.Check(address), null);
        }
        catch (FormatException malformed)
        {
            return (null, ApiError.Invalid(member, malformed.Message));
        }
    }
}

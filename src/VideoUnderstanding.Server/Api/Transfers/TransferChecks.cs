using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Integrations;
using VideoUnderstanding.Indexing.Fetching;
using VideoUnderstanding.Indexing.Filenames;
using VideoUnderstanding.Server.Api.Tasks.Uploads;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Transfers;

/// <summary>Whether the elements of a transfer can become tasks, as far as that can be told without opening what they name.</summary>
public sealed class TransferChecks(
    VideoDbContext db, TransferSources sources, AccountIntegrations accounts, UploadChecks uploads, IOptions<LanguageOptions> languages)
{
    /// <returns>One order for each element.</returns>
    /// <exception cref="ApiException">The first element that is invalid, or a missing model.</exception>
    public async Task<IReadOnlyList<TransferOrder>> CheckAsync(
        IReadOnlyList<TransferElementRequest> elements, Caller caller, CancellationToken cancellationToken)
    {
        var ids = elements.Select(element => element.IndexId!).Distinct().ToList();
        var indexes = await db.Indexes.AsNoTracking().OwnedBy(caller.AccountId).Live().Where(index => ids.Contains(index.Id))
            .ToDictionaryAsync(index => index.Id, cancellationToken);
        var own = await accounts.OfAsync(caller.AccountId, cancellationToken);
        var orders = new List<TransferOrder>(elements.Count);
        foreach (var element in elements)
        {
            try
            {
                orders.Add(Check(element, indexes, own));
            }
            catch (ApiException invalid)
            {
                throw new ApiException(invalid.Error.InElement(orders.Count + 1));
            }
        }
        foreach (var (index,
            providesTranscription) in orders.Select(order => (order.Index, ProvidesTranscription: order.Transcription is not null))
                .Distinct())
            uploads.CheckModels(index, providesTranscription);
        return orders;
    }

    private TransferOrder Check(
        TransferElementRequest element, Dictionary<string, VideoIndex> indexes, IReadOnlyList<Integration> own)
    {
        if (!indexes.TryGetValue(element.IndexId!, out var index))
            throw new ApiException(ApiError.NotFound("indexes", element.IndexId!));
        if (languages.Value.Find(element.Language) is not { } language)
            throw new ApiException(ApiError.UnknownLanguage(languages.Value));
        var video = element.Object!.Trim();
        var transcription = string.IsNullOrWhiteSpace(element.Transcription) ? null : element.Transcription.Trim();
        var filename = CheckSource(TransferElementRequest.ObjectMember, video, own);
        if (transcription is not null)
            CheckSource(TransferElementRequest.TranscriptionMember, transcription, own);
        return new TransferOrder(index, video, transcription, ShownFilename.Clean(filename), language);
    }

    /// <returns>The name of the file.</returns>
    private string CheckSource(string member, string address, IReadOnlyList<Integration> own)
    {
        try
        {
            return sources.Check(address, own);
        }
        catch (FormatException malformed)
        {
            throw new ApiException(ApiError.Invalid(member, malformed.Message));
        }
    }
}

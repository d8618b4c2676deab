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

/// <summary>Validates the elements of a transfer without reading the objects.</summary>
public sealed class TransferChecks(
    VideoDbContext db, TransferSources sources, AccountIntegrations accounts, UploadChecks uploads, IOptions<LanguageOptions> languages)
{
    /// <returns>One item for each element.</returns>
    /// <exception cref="ApiException">An element is invalid, or a model is missing.</exception>
    public async Task<IReadOnlyList<TransferItem>> CheckAsync(
        IReadOnlyList<TransferElementRequest> elements, Caller caller, CancellationToken cancellationToken)
    {
        var ids = elements.Select(element => element.IndexId!).Distinct().ToList();
        var indexes = await db.Indexes.AsNoTracking().OwnedBy(caller.AccountId).Live().Where(index => ids.Contains(index.Id))
            .ToDictionaryAsync(index => index.Id, cancellationToken);
        var own = await accounts.OfAsync(caller.AccountId, cancellationToken);
        var items = new List<TransferItem>(elements.Count);
        foreach (var element in elements)
        {
            try
            {
                items.Add(Check(element, indexes, own));
            }
            catch (ApiException invalid)
            {
                throw new ApiException(invalid.Error.InElement(items.Count + 1));
            }
        }
        foreach (var (index,
            providesTranscription) in items.Select(item => (item.Index, ProvidesTranscription: item.Transcription is not null))
                .Distinct())
            await uploads.CheckModelsAsync(index, providesTranscription, cancellationToken);
        return items;
    }

    private TransferItem Check(
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
        return new TransferItem(index, video, transcription, ShownFilename.Clean(filename), language);
    }

    /// <returns>The file name.</returns>
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

/// <summary>A validated element of a transfer.</summary>
/// <param name="Object">Address of the video.</param>
/// <param name="Transcription">Address of the transcript; null if speech must be recognised.</param>
/// <param name="Filename">Last segment of the video's address, for display.</param>
public sealed record TransferItem(VideoIndex Index, string Object, string? Transcription, string Filename, string Language);

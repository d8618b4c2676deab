using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Quotas;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Tasks.Uploads;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Tasks;

/// <summary>createTask. Whatever is refused or breaks off leaves neither a file nor a row. CONTRACT, sections 6.1 to 6.3.</summary>
public static class CreateTaskEndpoint
{
    public static async Task<Results<Created<CreatedIdResponse>, ApiError>> CreateTaskAsync(
        HttpRequest request, Caller caller, UploadedFiles files, UploadChecks checks, NewTasks tasks, StorageQuotas quotas,
        IOptionsSnapshot<MediaLimits> limits, IOptions<LanguageOptions> languages)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        using var form = new CreateTaskForm();
        // Given back when the row is there that tells the size, or when nothing came of it.
        using var space = quotas.Open(caller.AccountId);
        var reader = new CreateTaskFormReader(request, files, limits.Value, space, early => CheckEarlyAsync(early, caller, checks, cancellationToken));
        await reader.ReadAsync(form, cancellationToken);
        var order = TaskOrder.From(form, languages.Value);
        var (index, error) = await checks.FindIndexAsync(form, caller, cancellationToken);
        if (index is null)
            return error!;
        if (checks.CheckModels(index, order.ProvidesTranscription) is { } unavailable)
            return unavailable;
        if (order is { ProvidesTranscription: true, TranscriptionUrl: null } && await UploadChecks.CheckTranscriptionAsync(form.Transcription!, cancellationToken) is { } unsupported)
            return unsupported;
        if (order.VideoUrl is not null)
            return Answer(await tasks.AddFetchedAsync(index, order, form.Transcription, cancellationToken), index.Id);
        var needsAudio = index.Options.Contains(Data.Entities.IndexOptions.Conversation) && !order.ProvidesTranscription;
        var (info, refused) = await checks.CheckVideoAsync(form.Video!, needsAudio, cancellationToken);
        if (refused is not null)
            return refused;
        return Answer(await tasks.AddUploadedAsync(index, order, form.Video!, info!, form.Transcription, cancellationToken), index.Id);
    }

    /// <summary>What can be refused before gigabytes arrive: possible only when the index is named before the file.</summary>
    private static async Task<ApiError?> CheckEarlyAsync(CreateTaskForm form, Caller caller, UploadChecks checks, CancellationToken cancellationToken)
    {
        if (form[CreateTaskForm.IndexIdField] is null)
            return null;
        var (index, error) = await checks.FindIndexAsync(form, caller, cancellationToken);
        // A transcript may still follow, so speech is not asked for yet.
        return index is null ? error : checks.CheckModels(index, providesTranscription: true);
    }

    private static Results<Created<CreatedIdResponse>, ApiError> Answer(string? taskId, string indexId)
        => taskId is null ? ApiError.NotFound("indexes", indexId) : TypedResults.Created((string?)null, new CreatedIdResponse(taskId));
}

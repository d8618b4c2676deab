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

/// <summary>createTask. A rejected or aborted request leaves no file and no row. CONTRACT, sections 6.1 to 6.3.</summary>
public static class CreateTaskEndpoint
{
    public static async Task<Results<Created<CreatedIdResponse>, ApiError>> CreateTaskAsync(
        HttpRequest request, Caller caller, UploadedFiles files, UploadChecks checks, TaskCreator tasks, StorageQuotas quotas,
        IOptionsSnapshot<MediaLimits> limits, IOptions<LanguageOptions> languages)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        using var form = new CreateTaskForm();
        // Released at the end: then the row contains the size, or the upload failed.
        using var space = quotas.Open(caller.AccountId);
        var reader = new CreateTaskFormReader(request, files, limits.Value, space,
            early => CheckEarlyAsync(early, caller, checks, cancellationToken));
        await reader.ReadAsync(form, cancellationToken);
        var parameters = TaskParameters.From(form, languages.Value);
        var index = await checks.FindIndexAsync(form, caller, cancellationToken);
        await checks.CheckModelsAsync(index, parameters.ProvidesTranscription, cancellationToken);
        if (parameters is { ProvidesTranscription: true, TranscriptionUrl: null })
            await UploadChecks.CheckTranscriptionAsync(form.Transcription!, cancellationToken);
        if (parameters.VideoUrl is not null)
            return Answer(await tasks.AddFetchedAsync(index, parameters, form.Transcription, cancellationToken), index.Id);
        var needsAudio = index.Options.Contains(Data.Entities.IndexOptions.Conversation) && !parameters.ProvidesTranscription;
        var info = await checks.CheckVideoAsync(form.Video!, needsAudio, cancellationToken);
        return Answer(await tasks.AddUploadedAsync(index, parameters, form.Video!, info, form.Transcription, cancellationToken), index.Id);
    }

    /// <summary>Checks the index before the video is received, if the form contains it before the file.</summary>
    private static async Task CheckEarlyAsync(CreateTaskForm form, Caller caller, UploadChecks checks, CancellationToken cancellationToken)
    {
        if (form[CreateTaskForm.IndexIdField] is null)
            return;
        // The form may contain a transcript later, so the speech model is not required yet.
        var index = await checks.FindIndexAsync(form, caller, cancellationToken);
        await checks.CheckModelsAsync(index, providesTranscription: true, cancellationToken);
    }

    private static Results<Created<CreatedIdResponse>, ApiError> Answer(string? taskId, string indexId)
        => taskId is null ? ApiError.NotFound("indexes", indexId) : TypedResults.Created((string?)null, new CreatedIdResponse(taskId));
}

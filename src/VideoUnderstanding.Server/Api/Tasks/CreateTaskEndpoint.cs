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
        var reader = new CreateTaskFormReader(request, files, limits.Value, space,
            early => CheckEarlyAsync(early, caller, checks, cancellationToken));
        await reader.ReadAsync(form, cancellationToken);
        var order = TaskOrder.From(form, languages.Value);
        var index = await checks.FindIndexAsync(form, caller, cancellationToken);
        checks.CheckModels(index, order.ProvidesTranscription);
        if (order is { ProvidesTranscription: true, TranscriptionUrl: null })
            await UploadChecks.CheckTranscriptionAsync(form.Transcription!, cancellationToken);
        if (order.VideoUrl is not null)
            return Answer(await tasks.AddFetchedAsync(index, order, form.Transcription, cancellationToken), index.Id);
        var needsAudio = index.Options.Contains(Data.Entities.IndexOptions.Conversation) && !order.ProvidesTranscription;
        var info = await checks.CheckVideoAsync(form.Video!, needsAudio, cancellationToken);
        return Answer(await tasks.AddUploadedAsync(index, order, form.Video!, info, form.Transcription, cancellationToken), index.Id);
    }

    /// <summary>Checks before the video is received. This is possible only if the form names the index before the file.</summary>
    private static async Task CheckEarlyAsync(CreateTaskForm form, Caller caller, UploadChecks checks, CancellationToken cancellationToken)
    {
        if (form[CreateTaskForm.IndexIdField] is null)
            return;
        // A transcript may still follow, so the speech model is not required yet.
        checks.CheckModels(await checks.FindIndexAsync(form, caller, cancellationToken), providesTranscription: true);
    }

    private static Results<Created<CreatedIdResponse>, ApiError> Answer(string? taskId, string indexId)
        => taskId is null ? ApiError.NotFound("indexes", indexId) : TypedResults.Created((string?)null, new CreatedIdResponse(taskId));
}

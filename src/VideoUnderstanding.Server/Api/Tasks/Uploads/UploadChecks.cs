using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Indexing.Transcripts;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;
using VideoUnderstanding.Server.Api.Indexes;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Tasks.Uploads;

/// <summary>Whether an upload can become a task. Each check gives the precise error, or null.</summary>
public sealed class UploadChecks(VideoDbContext db, ModelSet models, MediaProbe probe, IOptionsSnapshot<MediaLimits> limits)
{
    /// <summary>The index an upload names.</summary>
    public async Task<(VideoIndex? Index, ApiError? Error)> FindIndexAsync(CreateTaskForm form, Caller caller, CancellationToken cancellationToken)
    {
        if (form[CreateTaskForm.IndexIdField] is not { } id)
            return (null, ApiError.Missing(CreateTaskForm.IndexIdField));
        if (Identifier.Check(CreateTaskForm.IndexIdField, id) is { } malformed)
            return (null, malformed);
        var index = await LiveIndex.FindAsync(db, caller, id, cancellationToken);
        return (index, index is null ? ApiError.NotFound("indexes", id) : null);
    }

    /// <summary>Whether the models are there that the index's options need.</summary>
    public ApiError? CheckModels(VideoIndex index, bool providesTranscription)
    {
        var missing = RolesFor(index, providesTranscription).Select(models.WhyUnavailable).OfType<string>().Distinct().ToArray();
        return missing.Length == 0 ? null : ApiError.ModelUnavailable(string.Join(' ', missing));
    }

    /// <summary>Whether the transcript is SRT or VTT, told from its content.</summary>
    public static async Task<ApiError?> CheckTranscriptionAsync(ReceivedFile transcription, CancellationToken cancellationToken)
    {
        try
        {
            await SubtitleParser.ReadFileAsync(transcription.Path, cancellationToken);
            return null;
        }
        catch (FormatException malformed)
        {
            return ApiError.TranscriptNotSupported(malformed.Message);
        }
    }

    /// <summary>Whether the file keeps the rules of CONTRACT 6.2, and what it holds.</summary>
    public async Task<(MediaInfo? Info, ApiError? Error)> CheckVideoAsync(ReceivedFile video, bool needsAudio, CancellationToken cancellationToken)
    {
        try
        {
            var info = await probe.ReadAsync(video.Path, cancellationToken);
            return (info, MediaRules.Check(info, limits.Value, needsAudio) is { } violation ? ApiError.Of(violation) : null);
        }
        catch (MediaException broken)
        {
            return (null, ApiError.Of(MediaRules.Broken(broken.Message)));
        }
    }

    private static IEnumerable<ModelRole> RolesFor(VideoIndex index, bool providesTranscription)
    {
        var (speaks, marks) = (index.Options.Contains(IndexOptions.Conversation), index.Options.Contains(IndexOptions.Logo));
        // Names of brands are read from the screen.
        var shows = marks || index.Options.Contains(IndexOptions.TextInVideo);
        if (marks || index.Options.Contains(IndexOptions.Visual))
            yield return ModelRole.VisualText;
        if (speaks && !providesTranscription)
        {
            yield return ModelRole.VoiceActivity;
            yield return ModelRole.Speech;
        }
        if (shows)
            yield return ModelRole.ScreenText;
        if (speaks || shows)
            yield return ModelRole.TextEmbedding;
    }
}

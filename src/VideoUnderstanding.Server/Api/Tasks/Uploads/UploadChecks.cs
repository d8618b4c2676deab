using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Indexing.Transcripts;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;
using VideoUnderstanding.Server.Api.Indexes;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Tasks.Uploads;

/// <summary>Validates uploads. Each method throws an <see cref="ApiException"/> if its check fails.</summary>
public sealed class UploadChecks(VideoDbContext db, ModelSets models, MediaProbe probe, IOptionsSnapshot<MediaLimits> limits)
{
    /// <summary>Returns the index of the upload.</summary>
    public async Task<VideoIndex> FindIndexAsync(CreateTaskForm form, Caller caller, CancellationToken cancellationToken)
    {
        if (form[CreateTaskForm.IndexIdField] is not { } id)
            throw new ApiException(ApiError.Missing(CreateTaskForm.IndexIdField));
        Identifier.Require(CreateTaskForm.IndexIdField, id);
        return await LiveIndex.FindAsync(db, caller, id, cancellationToken) ?? throw new ApiException(ApiError.NotFound("indexes", id));
    }

    /// <summary>Checks that the models for the index's options are available.</summary>
    public async Task CheckModelsAsync(VideoIndex index, bool providesTranscription, CancellationToken cancellationToken)
    {
        var used = models.Of((await SearchTableStore.ReadAsync(db, index.Id, cancellationToken)).Profile).Models;
        var missing = RolesFor(index, providesTranscription).Intersect(used.Roles).Select(used.WhyUnavailable).OfType<string>()
            .Distinct().ToArray();
        if (missing.Length > 0)
            throw new ApiException(ApiError.ModelUnavailable(string.Join(' ', missing)));
    }

    /// <summary>Checks that the content of the transcript is SRT or VTT.</summary>
    public static async Task CheckTranscriptionAsync(ReceivedFile transcription, CancellationToken cancellationToken)
    {
        try
        {
            await SubtitleParser.ReadFileAsync(transcription.Path, cancellationToken);
        }
        catch (FormatException malformed)
        {
            throw new ApiException(ApiError.TranscriptNotSupported(malformed.Message));
        }
    }

    /// <summary>Reads the file's properties and checks the rules of CONTRACT 6.2.</summary>
    public async Task<MediaInfo> CheckVideoAsync(ReceivedFile video, bool needsAudio, CancellationToken cancellationToken)
    {
        try
        {
            var info = await probe.ReadAsync(video.Path, cancellationToken);
            return MediaRules.Check(info, limits.Value, needsAudio) is { } violation
                ? throw new ApiException(ApiError.FromViolation(violation))
                : info;
        }
        catch (MediaException broken)
        {
            throw new ApiException(ApiError.FromViolation(MediaRules.Broken(broken.Message)));
        }
    }

    private static IEnumerable<ModelRole> RolesFor(VideoIndex index, bool providesTranscription)
    {
        var (hasSpeech, hasLogos) = (index.Options.Contains(IndexOptions.Conversation), index.Options.Contains(IndexOptions.Logo));
        // Logo detection also searches for brand names in screen text.
        var hasScreenText = hasLogos || index.Options.Contains(IndexOptions.TextInVideo);
        if (hasLogos || index.Options.Contains(IndexOptions.Visual))
            yield return ModelRole.VisualText;
        if (index.Options.Contains(IndexOptions.Visual))
            yield return ModelRole.Sound;
        if (hasSpeech && !providesTranscription)
        {
            yield return ModelRole.VoiceActivity;
            yield return ModelRole.Speech;
        }
        if (hasScreenText)
            yield return ModelRole.ScreenText;
        if (hasSpeech || hasScreenText)
            yield return ModelRole.TextEmbedding;
    }
}

using VideoUnderstanding.Data;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Tasks.Uploads;

/// <summary>Validated text fields of a createTask form.</summary>
/// <param name="VideoUrl">Takes precedence over a file; null for an uploaded file.</param>
/// <param name="ProvidesTranscription">True if the user provides the transcript, so speech is not recognised.</param>
/// <param name="TranscriptionUrl">Takes precedence over a file; null if the transcript is a file or not given.</param>
/// <param name="IsStreamDisabled">True if the video may not be streamed.</param>
public sealed record TaskParameters(
    string Language, Uri? VideoUrl, bool ProvidesTranscription, Uri? TranscriptionUrl, bool IsStreamDisabled)
{
    /// <exception cref="ApiException">A field is missing or invalid.</exception>
    public static TaskParameters From(CreateTaskForm form, LanguageOptions languages)
    {
        var language = languages.Find(form[CreateTaskForm.LanguageField]) ?? throw new ApiException(ApiError.UnknownLanguage(languages));
        var videoUrl = Address(form, CreateTaskForm.VideoUrlField);
        if (videoUrl is null && form.Video is null)
            throw new ApiException(ApiError.MissingOneOf(CreateTaskForm.VideoFileField, CreateTaskForm.VideoUrlField));
        var isStreamDisabled = Flag(form, CreateTaskForm.DisableVideoStreamField);
        if (!Flag(form, CreateTaskForm.ProvideTranscriptionField))
            return new TaskParameters(language, videoUrl, false, null, isStreamDisabled);
        var transcriptionUrl = Address(form, CreateTaskForm.TranscriptionUrlField);
        return transcriptionUrl is null && form.Transcription is null
            ? throw new ApiException(ApiError.TranscriptMissing())
            : new TaskParameters(language, videoUrl, true, transcriptionUrl, isStreamDisabled);
    }

    private static bool Flag(CreateTaskForm form, string field) => form[field] is { } text && ListFields.ReadBoolean(field, text);

    private static Uri? Address(CreateTaskForm form, string field)
    {
        if (form[field] is not { } text)
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https") && address.Host.Length > 0
            ? address
            : throw new ApiException(ApiError.Invalid(field, "It must be an address that starts with http:// or https://."));
    }
}

using VideoUnderstanding.Data;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Tasks.Uploads;

/// <summary>What a form of createTask asks for, checked as far as its texts go.</summary>
/// <param name="VideoUrl">Wins over a file; null for an uploaded file.</param>
/// <param name="ProvidesTranscription">The user brings the transcript: no speech recognition then.</param>
/// <param name="TranscriptionUrl">Wins over a file; null when that is used or none is given.</param>
/// <param name="IsStreamDisabled">The video is not offered for playing.</param>
public sealed record TaskOrder(
    string Language, Uri? VideoUrl, bool ProvidesTranscription, Uri? TranscriptionUrl, bool IsStreamDisabled)
{
    /// <exception cref="ApiException">A field is missing or wrong.</exception>
    public static TaskOrder From(CreateTaskForm form, LanguageOptions languages)
    {
        var language = languages.Find(form[CreateTaskForm.LanguageField]) ?? throw new ApiException(ApiError.UnknownLanguage(languages));
        var videoUrl = Address(form, CreateTaskForm.VideoUrlField);
        if (videoUrl is null && form.Video is null)
            throw new ApiException(ApiError.MissingOneOf(CreateTaskForm.VideoFileField, CreateTaskForm.VideoUrlField));
        var isStreamDisabled = Flag(form, CreateTaskForm.DisableVideoStreamField);
        if (!Flag(form, CreateTaskForm.ProvideTranscriptionField))
            return new TaskOrder(language, videoUrl, false, null, isStreamDisabled);
        var transcriptionUrl = Address(form, CreateTaskForm.TranscriptionUrlField);
        return transcriptionUrl is null && form.Transcription is null
            ? throw new ApiException(ApiError.TranscriptMissing())
            : new TaskOrder(language, videoUrl, true, transcriptionUrl, isStreamDisabled);
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

using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Quotas;
using VideoUnderstanding.Indexing.Filenames;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Indexing.Transcripts;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Tasks.Uploads;

/// <summary>The fields and files of a createTask form. CONTRACT, section 6.1. Disposing it deletes files that were not moved.</summary>
public sealed class CreateTaskForm : IDisposable
{
    public const string IndexIdField = "index_id";
    public const string VideoFileField = "video_file";
    public const string VideoUrlField = "video_url";
    public const string LanguageField = "language";
    public const string ProvideTranscriptionField = "provide_transcription";
    public const string TranscriptionFileField = "transcription_file";
    public const string TranscriptionUrlField = "transcription_url";

    /// <summary>The name of <see cref="VideoFileField"/> before October 2022.</summary>
    public const string VideoFileAlias = "file";

    /// <summary>If true, task and video have no <c>hls</c> member.</summary>
    public const string DisableVideoStreamField = "disable_video_stream";

    private readonly Dictionary<string, string> _texts = [];

    public ReceivedFile? Video { get; set; }
    public ReceivedFile? Transcription { get; set; }

    /// <summary>Value of a text field; null if it is missing or empty.</summary>
    public string? this[string field]
    {
        get => _texts.GetValueOrDefault(field) is { Length: > 0 } text ? text : null;
        set => _texts[field] = value?.Trim() ?? "";
    }

    /// <summary>All allowed fields.</summary>
    public static IReadOnlyList<string> Fields { get; } = [IndexIdField, VideoFileField, VideoFileAlias, VideoUrlField, LanguageField,
        ProvideTranscriptionField, TranscriptionFileField, TranscriptionUrlField, DisableVideoStreamField];

    public static bool IsKnown(string field) => Fields.Contains(field);

    public static bool IsVideo(string field) => field is VideoFileField or VideoFileAlias;

    public static bool IsTranscription(string field) => field is TranscriptionFileField;

    public void Dispose()
    {
        foreach (var file in (ReceivedFile?[])[Video, Transcription])
            if (file is not null)
                File.Delete(file.Path);
    }
}

/// <summary>Reads the form of createTask as a stream. The fields may have any order; files are written to disk.</summary>
public sealed class CreateTaskFormReader(
    HttpRequest request, UploadedFiles files, MediaLimits limits, SpaceReservation space, Func<CreateTaskForm, Task> beforeVideo)
{
    private const int MaxTextBytes = 64 * 1024;

    /// <summary>Maximum bytes of a form in addition to its video.</summary>
    private const long MaxOverheadBytes = SubtitleParser.MaxBytes + 1024 * 1024;

    /// <param name="form">Filled while reading, so that the caller can delete the files after an exception.</param>
    /// <exception cref="ApiException">The body is malformed, too large, or has unknown fields.</exception>
    /// <exception cref="QuotaExceededException">The video exceeds the account's quota or the free disk space.</exception>
    public async Task ReadAsync(CreateTaskForm form, CancellationToken cancellationToken)
    {
        if (request.HasFormContentType
            && request.ContentType!.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
            await ReadFieldsAsync(form, cancellationToken);
        else
            await ReadPartsAsync(form, MultipartParts.Open(request), cancellationToken);
    }

    private async Task ReadFieldsAsync(CreateTaskForm form, CancellationToken cancellationToken)
    {
        CompressedBody.RequireNone(request);
        try
        {
            foreach (var (name, values) in await request.ReadFormAsync(cancellationToken))
                SetField(form, name, values.ToString());
        }
        catch (InvalidDataException malformed)
        {
            throw new ApiException(ApiError.BodyInvalid(malformed.Message));
        }
    }

    private async Task ReadPartsAsync(CreateTaskForm form, MultipartReader parts, CancellationToken cancellationToken)
    {
        // The bytes are counted while they are read; the host's limit for bodies is far lower.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } host)
            host.MaxRequestBodySize = null;
        if (request.ContentLength > limits.MaxBytes + MaxOverheadBytes)
            throw new ApiException(TooLarge());
        // Minimum size of the video according to Content-Length.
        await space.CheckFitsAsync(Math.Max(0, (request.ContentLength ?? 0) - MaxOverheadBytes), cancellationToken);
        while (await BodyReads.GuardAsync(async () => await parts.ReadNextSectionAsync(cancellationToken)) is { } part)
            await ReadPartAsync(form, part, cancellationToken);
    }

    private async Task ReadPartAsync(CreateTaskForm form, MultipartSection part, CancellationToken cancellationToken)
    {
        var (name, filename) = MultipartParts.NamesOf(part);
        if (CreateTaskForm.IsVideo(name))
            await ReadVideoAsync(form, part, filename, cancellationToken);
        else if (CreateTaskForm.IsTranscription(name))
            await ReadTranscriptionAsync(form, part, filename, cancellationToken);
        else
            // Also for a part with a file name: a known client sends video_url as a file.
            SetField(form, name, await ReadTextAsync(name, part.Body, cancellationToken));
    }

    private async Task ReadVideoAsync(CreateTaskForm form, MultipartSection part, string filename, CancellationToken cancellationToken)
    {
        // The address takes precedence over the file, so the bytes are not needed.
        if (form[CreateTaskForm.VideoUrlField] is not null)
            return;
        if (form.Video is not null)
            throw new ApiException(ApiError.Invalid(CreateTaskForm.VideoFileField, "It is given more than once."));
        await beforeVideo(form);
        form.Video = DiscardIfUnused(
            await files.ReceiveAsync(part.Body, ShownFilename.Clean(filename), limits.MaxBytes, TooLarge(), space, cancellationToken),
            filename);
    }

    private async Task ReadTranscriptionAsync(
        CreateTaskForm form, MultipartSection part, string filename, CancellationToken cancellationToken)
    {
        if (form.Transcription is not null)
            throw new ApiException(ApiError.Invalid(CreateTaskForm.TranscriptionFileField, "It is given more than once."));
        var tooLarge = ApiError.TranscriptNotSupported($"It is larger than {SubtitleParser.MaxBytes} bytes.");
        form.Transcription = DiscardIfUnused(
            await files.ReceiveAsync(part.Body, ShownFilename.Clean(filename), SubtitleParser.MaxBytes, tooLarge, null, cancellationToken),
            filename);
    }

    /// <summary>Browsers send an unused file field as an empty file without a name. Such a file is deleted.</summary>
    private static ReceivedFile? DiscardIfUnused(ReceivedFile file, string filename)
    {
        if (file.Size > 0 || filename.Length > 0)
            return file;
        File.Delete(file.Path);
        return null;
    }

    private ApiError TooLarge() => ApiError.FromViolation(MediaRules.TooLarge(limits));

    private static void SetField(CreateTaskForm form, string name, string text)
    {
        if (!CreateTaskForm.IsKnown(name))
            throw new ApiException(ApiError.Unknown(name, CreateTaskForm.Fields));
        if (CreateTaskForm.IsVideo(name) || CreateTaskForm.IsTranscription(name))
            throw new ApiException(ApiError.Invalid(name, "It must be a file part of a multipart/form-data body."));
        if (text.Contains('\0'))
            throw new ApiException(ApiError.Invalid(name, "It must not hold the character U+0000."));
        form[name] = text;
    }

    private static async Task<string> ReadTextAsync(string name, Stream body, CancellationToken cancellationToken)
    {
        var bytes = new byte[MaxTextBytes + 1];
        var count = await BodyReads.GuardAsync(
            () => body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken));
        if (count > MaxTextBytes)
            throw new ApiException(ApiError.Invalid(name, $"It must have at most {MaxTextBytes} bytes."));
        return MultipartParts.Text(name, bytes.AsSpan(0, count));
    }
}

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

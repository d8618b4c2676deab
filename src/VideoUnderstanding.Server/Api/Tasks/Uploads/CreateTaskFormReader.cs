using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using VideoUnderstanding.Data.Quotas;
using VideoUnderstanding.Indexing.Filenames;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Indexing.Transcripts;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Tasks.Uploads;

/// <summary>Reads the form of createTask from the body, part by part in whatever order they come; files go straight to disk.</summary>
public sealed class CreateTaskFormReader(
    HttpRequest request, UploadedFiles files, MediaLimits limits, SpaceReservation space, Func<CreateTaskForm, Task> beforeVideo)
{
    private const int MaxTextBytes = 64 * 1024;

    /// <summary>What a form may weigh beside its video.</summary>
    private const long OverheadBytes = SubtitleParser.MaxBytes + 1024 * 1024;

    /// <param name="form">Filled while reading, so that its files can be removed when reading breaks off.</param>
    /// <exception cref="ApiException">The body is malformed, too large, or holds fields that nobody knows.</exception>
    /// <exception cref="QuotaExceededException">The account's quota or the disk has no room for the video.</exception>
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
        PackedBody.RequireNone(request);
        try
        {
            foreach (var (name, values) in await request.ReadFormAsync(cancellationToken))
                Take(form, name, values.ToString());
        }
        catch (InvalidDataException malformed)
        {
            throw new ApiException(ApiError.BodyInvalid(malformed.Message));
        }
    }

    private async Task ReadPartsAsync(CreateTaskForm form, MultipartReader parts, CancellationToken cancellationToken)
    {
        // Counted here while the bytes come in; the host's own limit for bodies is far lower.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } host)
            host.MaxRequestBodySize = null;
        if (request.ContentLength > limits.MaxBytes + OverheadBytes)
            throw new ApiException(TooLarge());
        // Of what is announced, this much at least is the video.
        await space.CheckFitsAsync(Math.Max(0, (request.ContentLength ?? 0) - OverheadBytes), cancellationToken);
        while (await BodyReads.GuardAsync(async () => await parts.ReadNextSectionAsync(cancellationToken)) is { } part)
            await TakeAsync(form, part, cancellationToken);
    }

    private async Task TakeAsync(CreateTaskForm form, MultipartSection part, CancellationToken cancellationToken)
    {
        var (name, filename) = MultipartParts.NamesOf(part);
        if (CreateTaskForm.IsVideo(name))
            await TakeVideoAsync(form, part, filename, cancellationToken);
        else if (CreateTaskForm.IsTranscription(name))
            await TakeTranscriptionAsync(form, part, filename, cancellationToken);
        else
            // Also when the part has a file name: a known client puts video_url among its files.
            Take(form, name, await ReadTextAsync(name, part.Body, cancellationToken));
    }

    private async Task TakeVideoAsync(CreateTaskForm form, MultipartSection part, string filename, CancellationToken cancellationToken)
    {
        // The address wins over the file, so there is no need to keep the bytes.
        if (form[CreateTaskForm.VideoUrlField] is not null)
            return;
        if (form.Video is not null)
            throw new ApiException(ApiError.Invalid(CreateTaskForm.VideoFileField, "It is given more than once."));
        await beforeVideo(form);
        form.Video = Kept(
            await files.ReceiveAsync(part.Body, ShownFilename.Clean(filename), limits.MaxBytes, TooLarge(), space, cancellationToken),
            filename);
    }

    private async Task TakeTranscriptionAsync(
        CreateTaskForm form, MultipartSection part, string filename, CancellationToken cancellationToken)
    {
        if (form.Transcription is not null)
            throw new ApiException(ApiError.Invalid(CreateTaskForm.TranscriptionFileField, "It is given more than once."));
        var tooLarge = ApiError.TranscriptNotSupported($"It is larger than {SubtitleParser.MaxBytes} bytes.");
        form.Transcription = Kept(
            await files.ReceiveAsync(part.Body, ShownFilename.Clean(filename), SubtitleParser.MaxBytes, tooLarge, null, cancellationToken),
            filename);
    }

    /// <summary>A browser sends a file field that was left alone as an empty file without a name.</summary>
    private static ReceivedFile? Kept(ReceivedFile file, string filename)
    {
        if (file.Size > 0 || filename.Length > 0)
            return file;
        File.Delete(file.Path);
        return null;
    }

    private ApiError TooLarge() => ApiError.Of(MediaRules.TooLarge(limits));

    private static void Take(CreateTaskForm form, string name, string text)
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

using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using VideoUnderstanding.Indexing.Filenames;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Tasks.Uploads;

/// <summary>Opens multipart/form-data bodies. The content types of parts are ignored, because clients send arbitrary ones.</summary>
internal static class MultipartParts
{
    private const int MaxBoundaryLength = 200;

    /// <exception cref="ApiException">The body has another type, has a Content-Encoding, or has no boundary.</exception>
    public static MultipartReader Open(HttpRequest request)
    {
        CompressedBody.RequireNone(request);
        var boundary = MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            ? HeaderUtilities.RemoveQuotes(type.Boundary).ToString()
            : "";
        return boundary.Length is > 0 and <= MaxBoundaryLength
            ? new MultipartReader(boundary, request.Body)
            : throw new ApiException(ApiError.BodyInvalid("It must be multipart/form-data with a boundary."));
    }

    /// <summary>Returns the name of the field and the client's file name, empty if there is none.</summary>
    /// <exception cref="ApiException">The part has no name.</exception>
    public static (string Name, string Filename) NamesOf(MultipartSection part)
    {
        var disposition = ContentDisposition.Parse(part.ContentDisposition ?? "");
        return disposition.Name is { Length: > 0 } name ? (name, disposition.Filename(isForm: true) ?? "")
            : throw new ApiException(ApiError.BodyInvalid("A part has no name."));
    }

    /// <summary>Decodes the text of a field.</summary>
    /// <exception cref="ApiException">The content is not UTF-8.</exception>
    public static string Text(string name, ReadOnlySpan<byte> content) => Utf8.IsValid(content) ? Encoding.UTF8.GetString(content)
        : throw new ApiException(ApiError.Invalid(name, "It must be encoded in UTF-8, and it is not."));
}

/// <summary>Runs reads of a multipart body and maps the reader's exceptions for a malformed body to <see cref="ApiException"/>. Disk writes
/// must not run in it, because they can throw the same exceptions.</summary>
internal static class BodyReads
{
    public static async ValueTask<T> GuardAsync<T>(Func<ValueTask<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception malformed) when (malformed is InvalidDataException || malformed.GetType() == typeof(IOException))
        {
            // Types derived from IOException indicate a lost connection; the exception middleware handles them.
            throw new ApiException(ApiError.BodyInvalid(malformed.Message));
        }
    }
}

using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using VideoUnderstanding.Indexing.Filenames;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Tasks.Uploads;

/// <summary>The parts of a multipart/form-data body. Their own content types are never looked at: clients write what they like
/// there.</summary>
internal static class MultipartParts
{
    private const int MaxBoundaryLength = 200;

    /// <exception cref="ApiException">The body is of another type, has a Content-Encoding, or names no boundary.</exception>
    public static MultipartReader Open(HttpRequest request)
    {
        PackedBody.RequireNone(request);
        var boundary = MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            ? HeaderUtilities.RemoveQuotes(type.Boundary).ToString()
            : "";
        return boundary.Length is > 0 and <= MaxBoundaryLength
            ? new MultipartReader(boundary, request.Body)
            : throw new ApiException(ApiError.BodyInvalid("It must be multipart/form-data with a boundary."));
    }

    /// <summary>Name of the field, and the sender's name for the file: empty where there is none.</summary>
    /// <exception cref="ApiException">The part has no name.</exception>
    public static (string Name, string Filename) NamesOf(MultipartSection part)
    {
        var disposition = ContentDisposition.Parse(part.ContentDisposition ?? "");
        return disposition.Name is { Length: > 0 } name ? (name, disposition.Filename(isForm: true) ?? "")
            : throw new ApiException(ApiError.BodyInvalid("A part has no name."));
    }

    /// <summary>The text of a field.</summary>
    /// <exception cref="ApiException">It is not encoded in UTF-8.</exception>
    public static string Text(string name, ReadOnlySpan<byte> content) => Utf8.IsValid(content) ? Encoding.UTF8.GetString(content)
        : throw new ApiException(ApiError.Invalid(name, "It must be encoded in UTF-8, and it is not."));
}

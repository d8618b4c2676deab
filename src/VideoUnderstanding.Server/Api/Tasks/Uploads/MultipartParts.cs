using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Tasks.Uploads;

/// <summary>The parts of a multipart/form-data body. Their own content types are never looked at: clients write what they like there.</summary>
internal static class MultipartParts
{
    private const int MaxBoundaryLength = 200;

    /// <exception cref="ApiErrorException">The body is of another type, or names no boundary.</exception>
    public static MultipartReader Open(HttpRequest request)
    {
        var boundary = MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) ? HeaderUtilities.RemoveQuotes(type.Boundary).ToString() : "";
        return boundary.Length is > 0 and <= MaxBoundaryLength
            ? new MultipartReader(boundary, request.Body)
            : throw new ApiErrorException(ApiError.BodyInvalid("It must be multipart/form-data with a boundary."));
    }

    /// <summary>Name of the field, and the sender's name for the file: empty where there is none.</summary>
    /// <exception cref="ApiErrorException">The part has no name.</exception>
    public static (string Name, string Filename) NamesOf(MultipartSection part)
    {
        if (part.GetContentDispositionHeader() is not { } disposition || HeaderUtilities.RemoveQuotes(disposition.Name).ToString() is not { Length: > 0 } name)
            throw new ApiErrorException(ApiError.BodyInvalid("A part has no name."));
        return (name, EncodedName(disposition) ?? HeaderUtilities.RemoveQuotes(disposition.FileName).ToString());
    }

    /// <summary>The value of <c>filename*</c> (RFC 5987); null without one that can be read.</summary>
    private static string? EncodedName(ContentDispositionHeaderValue disposition)
    {
        // The library takes the first one, and fails when that has no value.
        if (disposition.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("filename*", StringComparison.OrdinalIgnoreCase)) is not { Value.HasValue: true })
            return null;
        try
        {
            return disposition.FileNameStar.Value;
        }
        catch (NotSupportedException)
        {
            // An encoding that .NET knows and does not want, such as UTF-7.
            return null;
        }
    }
}

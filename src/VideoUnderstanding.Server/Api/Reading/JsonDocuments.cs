using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>Reads bodies as JSON objects that the rest of the server can trust: whole Unicode, nothing twice, no text the database can not
/// hold.</summary>
public static class JsonDocuments
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64, AllowDuplicateProperties = false };
    private static readonly byte[] EmptyObject = "{}"u8.ToArray();

    /// <exception cref="ApiException">Not a JSON object.</exception>
    public static async Task<JsonDocument> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
        => Parse(await PackedBody.ReadAsync(request, cancellationToken));

    /// <summary>An empty body counts as an object without members: the missing parameters are then named.</summary>
    internal static JsonDocument Parse(byte[] bytes)
    {
        ReadOnlyMemory<byte> json = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsMemory(Encoding.UTF8.Preamble.Length)
            : bytes;
        if (json.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0)
            json = EmptyObject;
        var document = Parse(json, ApiError.BodyInvalid);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new ApiException(ApiError.BodyInvalid("It must be a JSON object."));
        CheckTexts(document.RootElement, null);
        return document;
    }

    /// <summary>A JSON array that was sent as one parameter. Its texts are not checked yet: <see cref="CheckTexts"/> does that, element by
    /// element.</summary>
    /// <exception cref="ApiException">Not a JSON array.</exception>
    internal static JsonDocument ParseArray(string parameter, ReadOnlyMemory<byte> bytes)
    {
        var json = bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        var document = Parse(json, why => ApiError.Invalid(parameter, why));
        return document.RootElement.ValueKind == JsonValueKind.Array ? document
            : throw new ApiException(ApiError.Invalid(parameter, "It must be a JSON array of objects."));
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> json, Func<string, ApiError> invalid)
    {
        // UTF-16 and UTF-32 have bytes of value 0, which are no part of JSON in UTF-8.
        if (!Utf8.IsValid(json.Span) || json.Span.Contains((byte)0))
            throw new ApiException(invalid("It must be encoded in UTF-8, and it is not."));
        try
        {
            return JsonDocument.Parse(json, Options);
        }
        catch (JsonException failure)
        {
            throw new ApiException(invalid($"It is not valid JSON: {failure.Message}"));
        }
        catch (InvalidOperationException)
        {
            // Thrown by the search for names given twice, at a name that is half a surrogate pair.
            throw new ApiException(invalid("A name in it is not valid Unicode."));
        }
    }

    /// <exception cref="ApiException">A text that is no Unicode, or that the database can not hold.</exception>
    internal static void CheckTexts(JsonElement element, string? member)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    var name = Checked(() => property.Name, member);
                    CheckTexts(property.Value, member ?? name);
                }
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    CheckTexts(item, member);
                break;
            case JsonValueKind.String:
                Checked(() => element.GetString()!, member);
                break;
        }
    }

    /// <summary>Half a surrogate pair shows only when the text is read; PostgreSQL has no text with U+0000.</summary>
    private static string Checked(Func<string> read, string? member)
    {
        string text;
        try
        {
            text = read();
        }
        catch (InvalidOperationException)
        {
            throw Invalid(member, "It holds half of a surrogate pair.");
        }
        return text.Contains('\0') ? throw Invalid(member, "It must not hold the character U+0000.") : text;
    }

    private static ApiException Invalid(string? member, string why)
        => new(member is null ? ApiError.BodyInvalid(why) : ApiError.Invalid(member, why));
}

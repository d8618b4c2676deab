using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>Parses bodies as JSON objects in valid Unicode, without duplicate names and without U+0000, which the database cannot
/// store.</summary>
public static class JsonDocuments
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64, AllowDuplicateProperties = false };
    private static readonly byte[] EmptyObject = "{}"u8.ToArray();

    /// <exception cref="ApiException">Not a JSON object.</exception>
    public static async Task<JsonDocument> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
        => Parse(await CompressedBody.ReadAsync(request, cancellationToken));

    /// <summary>An empty body is treated as <c>{}</c>, so that the error lists the missing parameters.</summary>
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

    /// <summary>Parses a JSON array in a parameter. The caller must run <see cref="CheckTexts"/> on each element.</summary>
    /// <exception cref="ApiException">Not a JSON array.</exception>
    internal static JsonDocument ParseArray(string parameter, ReadOnlyMemory<byte> bytes)
    {
        var json = bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        var document = Parse(json, why => ApiError.Invalid(parameter, why));
        return document.RootElement.ValueKind == JsonValueKind.Array ? document
            : throw new ApiException(ApiError.Invalid(parameter, "It must be a JSON array of objects."));
    }

    /// <summary>Parses a JSON object in a field of a form.</summary>
    /// <exception cref="ApiException">Not a JSON object.</exception>
    internal static JsonDocument ParseObject(string parameter, ReadOnlyMemory<byte> bytes)
    {
        var document = Parse(bytes, why => ApiError.Invalid(parameter, why));
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new ApiException(ApiError.Invalid(parameter, "It must be a JSON object."));
        CheckTexts(document.RootElement, parameter);
        return document;
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> json, Func<string, ApiError> invalid)
    {
        // A byte 0 indicates UTF-16 or UTF-32; JSON in UTF-8 never has one.
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
            // The check for duplicate names throws this for a name with half a surrogate pair.
            throw new ApiException(invalid("A name in it is not valid Unicode."));
        }
    }

    /// <exception cref="ApiException">A text is not valid Unicode or has U+0000.</exception>
    internal static void CheckTexts(JsonElement element, string? member)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    var name = ReadText(() => property.Name, member);
                    CheckTexts(property.Value, member ?? name);
                }
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    CheckTexts(item, member);
                break;
            case JsonValueKind.String:
                ReadText(() => element.GetString()!, member);
                break;
        }
    }

    /// <summary>Reads a text. Half a surrogate pair is detected only here; PostgreSQL cannot store U+0000.</summary>
    private static string ReadText(Func<string> read, string? member)
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

using System.Text;
using System.Text.Json;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>Reads bodies as JSON objects that the rest of the server can trust: whole Unicode, nothing twice, no text the database can not hold.</summary>
public static class JsonDocuments
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64, AllowDuplicateProperties = false };
    private static readonly byte[] EmptyObject = "{}"u8.ToArray();

    /// <exception cref="ApiErrorException">Not a JSON object.</exception>
    public static async Task<JsonDocument> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await body.CopyToAsync(bytes, cancellationToken);
        return Parse(bytes.ToArray());
    }

    /// <summary>An empty body counts as an object without members: the missing parameters are then named.</summary>
    internal static JsonDocument Parse(byte[] bytes)
    {
        ReadOnlyMemory<byte> json = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsMemory(Encoding.UTF8.Preamble.Length) : bytes;
        if (json.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0)
            json = EmptyObject;
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, Options);
        }
        catch (JsonException failure)
        {
            throw new ApiErrorException(ApiError.BodyInvalid($"It is not valid JSON: {failure.Message}"));
        }
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new ApiErrorException(ApiError.BodyInvalid("It must be a JSON object."));
        CheckTexts(document.RootElement, null);
        return document;
    }

    private static void CheckTexts(JsonElement element, string? member)
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

    private static ApiErrorException Invalid(string? member, string why)
        => new(member is null ? ApiError.BodyInvalid(why) : ApiError.Invalid(member, why));
}

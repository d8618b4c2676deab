using System.Text;
using System.Text.Json;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Videos;

/// <summary>The metadata of a video in requests and responses: six technical properties, the title and custom fields. CONTRACT, section
/// 10.</summary>
internal static class VideoMetadata
{
    /// <summary>Maximum bytes of all custom fields of a video in the database. A list returns up to fifty videos.</summary>
    public const int MaxBytes = 64 * 1024;

    private const string TitleField = "title";
    private const int MaxNameLength = 255;
    private const int MaxTitleLength = 1_000;
    private const int MaxTextLength = 10_000;
    private static readonly string[] TechnicalFields = ["filename", "duration", "fps", "width", "height", "size"];

    /// <summary>Unknown properties are omitted.</summary>
    public static IReadOnlyDictionary<string, object> ToDictionary(Video video)
    {
        (string Name, object? Value)[] values =
        [
            ("filename", video.Filename), ("duration", video.Duration), ("fps", video.FramesPerSecond), ("width", video.Width),
            ("height", video.Height), ("size", video.Size), (TitleField, video.Title),
        ];
        var metadata = values.Where(value => value.Value is not null).ToDictionary(value => value.Name, value => value.Value!);
        if (video.CustomMetadata is { } custom)
            foreach (var field in custom.RootElement.EnumerateObject())
                metadata.TryAdd(field.Name, field.Value);
        return metadata;
    }

    /// <exception cref="ApiException">The title is too long.</exception>
    public static void CheckTitle(string? title)
    {
        if (title is { Length: > MaxTitleLength })
            throw new ApiException(
                ApiError.Invalid("video_title", $"It must have at most {MaxTitleLength} characters; it has {title.Length}."));
    }

    /// <exception cref="ApiException">The value is not an object, or a field is invalid.</exception>
    public static void Check(JsonElement fields)
    {
        if (fields.ValueKind != JsonValueKind.Object)
            throw new ApiException(ApiError.Invalid("metadata", "It must be an object."));
        foreach (var field in fields.EnumerateObject())
            if (FindError(field) is { } why)
                throw new ApiException(ApiError.Invalid($"metadata.{field.Name}", why));
    }

    /// <summary>Returns the title of the request: <c>video_title</c>, or the metadata field of that name, because responses show both in
    /// one place.</summary>
    public static string? ReadTitle(UpdateVideoRequest request)
        => request.VideoTitle
            ?? (request.Metadata is { } fields && fields.TryGetProperty(TitleField, out var title) ? title.GetString() : null);

    /// <summary>Returns the fields to store as JSON. Numbers are converted by <see cref="ExactNumber"/>; fields with the value null are
    /// omitted.</summary>
    public static string ReadCustomFields(UpdateVideoRequest request)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            if (request.Metadata is { } fields)
                foreach (var field in fields.EnumerateObject()
                    .Where(field => field.Name != TitleField && field.Value.ValueKind != JsonValueKind.Null))
                    Write(writer, field);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static string? FindError(JsonProperty field)
    {
        if (TechnicalFields.Contains(field.Name))
            return "It is a technical fact of the video and cannot be changed.";
        if (field.Name.Length is 0 or > MaxNameLength)
            return $"The name must have 1 to {MaxNameLength} characters.";
        if (field.Name == TitleField && field.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
            return "It must be a text.";
        var maxLength = field.Name == TitleField ? MaxTitleLength : MaxTextLength;
        return field.Value.ValueKind switch
        {
            JsonValueKind.String when field.Value.GetString()!.Length > maxLength
                => $"It must have at most {maxLength} characters.",
            JsonValueKind.Object or JsonValueKind.Array => "It must be a text, a number or a boolean.",
            JsonValueKind.Number when ExactNumber.FromJson(field.Value) is null => "It is out of range.",
            _ => null,
        };
    }

    private static void Write(Utf8JsonWriter writer, JsonProperty field)
    {
        writer.WritePropertyName(field.Name);
        if (field.Value.ValueKind != JsonValueKind.Number)
            field.Value.WriteTo(writer);
        else
            ExactNumber.FromJson(field.Value)!.WriteTo(writer);
    }
}

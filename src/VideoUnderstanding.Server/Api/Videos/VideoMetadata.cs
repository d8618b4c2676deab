using System.Text;
using System.Text.Json;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Videos;

/// <summary>The metadata of a video on the wire: six technical facts, the title, and the caller's own fields. CONTRACT, section
/// 10.</summary>
internal static class VideoMetadata
{
    /// <summary>Bytes that the custom fields of one video may take in the database, together: lists show fifty videos at once.</summary>
    public const int MaxBytes = 64 * 1024;

    private const string Title = "title";
    private const int MaxNameLength = 255;
    private const int MaxTitleLength = 1_000;
    private const int MaxTextLength = 10_000;
    private static readonly string[] Technical = ["filename", "duration", "fps", "width", "height", "size"];

    /// <summary>Facts that are not known yet are left out.</summary>
    public static IReadOnlyDictionary<string, object> Of(Video video)
    {
        (string Name, object? Value)[] facts =
        [
            ("filename", video.Filename), ("duration", video.Duration), ("fps", video.FramesPerSecond), ("width", video.Width),
            ("height", video.Height), ("size", video.Size), (Title, video.Title),
        ];
        var metadata = facts.Where(fact => fact.Value is not null).ToDictionary(fact => fact.Name, fact => fact.Value!);
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

    /// <exception cref="ApiException">The value is no object, or one of its fields is invalid.</exception>
    public static void Check(JsonElement fields)
    {
        if (fields.ValueKind != JsonValueKind.Object)
            throw new ApiException(ApiError.Invalid("metadata", "It must be an object."));
        foreach (var field in fields.EnumerateObject())
            if (WhatIsWrong(field) is { } why)
                throw new ApiException(ApiError.Invalid($"metadata.{field.Name}", why));
    }

    /// <summary>The title a request sets: its own member, or a metadata field of that name, because both are shown in one place.</summary>
    public static string? TitleOf(UpdateVideoRequest request)
        => request.VideoTitle ?? (request.Metadata is { } fields && fields.TryGetProperty(Title, out var title) ? title.GetString() : null);

    /// <summary>The fields to store, as JSON that PostgreSQL can hold: numbers in a plain form, fields set to null ("not given") left
    /// out.</summary>
    public static string CustomOf(UpdateVideoRequest request)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            if (request.Metadata is { } fields)
                foreach (var field in fields.EnumerateObject()
                    .Where(field => field.Name != Title && field.Value.ValueKind != JsonValueKind.Null))
                    Write(writer, field);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static string? WhatIsWrong(JsonProperty field)
    {
        if (Technical.Contains(field.Name))
            return "It is a technical fact of the video and cannot be changed.";
        if (field.Name.Length is 0 or > MaxNameLength)
            return $"The name must have 1 to {MaxNameLength} characters.";
        if (field.Name == Title && field.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
            return "It must be a text.";
        var mostCharacters = field.Name == Title ? MaxTitleLength : MaxTextLength;
        return field.Value.ValueKind switch
        {
            JsonValueKind.String when field.Value.GetString()!.Length > mostCharacters
                => $"It must have at most {mostCharacters} characters.",
            JsonValueKind.Object or JsonValueKind.Array => "It must be a text, a number or a boolean.",
            JsonValueKind.Number when ExactNumber.Of(field.Value) is null => "It is out of range.",
            _ => null,
        };
    }

    private static void Write(Utf8JsonWriter writer, JsonProperty field)
    {
        writer.WritePropertyName(field.Name);
        if (field.Value.ValueKind != JsonValueKind.Number)
            field.Value.WriteTo(writer);
        else
            ExactNumber.Of(field.Value)!.WriteTo(writer);
    }
}

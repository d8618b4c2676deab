using System.Text.Json;
using System.Text.Json.Serialization;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Streams;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Videos;

/// <summary>A video in a response. It has no <c>index_id</c>, which the official client rejects. CONTRACT, section 10.</summary>
/// <param name="Metadata">Technical properties and custom fields at the same level.</param>
/// <param name="IndexedAt">End of indexing; omitted before.</param>
/// <param name="Hls">Addresses for streaming; omitted before the video is ready, and if it was uploaded with
/// <c>disable_video_stream</c>.</param>
public sealed record VideoResponse(
    [property: JsonPropertyName("_id")] string Id,
    IReadOnlyDictionary<string, object> Metadata,
    [property: JsonConverter(typeof(WholeSecondTimes))] DateTimeOffset CreatedAt,
    [property: JsonConverter(typeof(WholeSecondTimes))] DateTimeOffset UpdatedAt,
    [property: JsonConverter(typeof(WholeSecondTimes))] DateTimeOffset? IndexedAt,
    HlsDto? Hls)
{
    public static VideoResponse From(Video video, HlsDto? hls)
        => new(video.Id, VideoMetadata.ToDictionary(video), video.CreatedAt, video.UpdatedAt, video.IndexedAt, hls);
}

/// <summary>Body of updateVideo. One member is required. CONTRACT, section 10.</summary>
/// <param name="Metadata">Fields that are merged into the stored ones. Values are texts, numbers or booleans.</param>
public sealed record UpdateVideoRequest(string? VideoTitle, JsonElement? Metadata) : IValidatedRequest
{
    public void Validate()
    {
        if (VideoTitle is null && Metadata is null)
            throw new ApiException(ApiError.MissingOneOf("video_title", "metadata"));
        VideoMetadata.CheckTitle(VideoTitle);
        if (Metadata is { } fields)
            VideoMetadata.Check(fields);
    }
}

/// <summary>A segment of speech or screen text. Times are in seconds.</summary>
public sealed record TextSegmentDto(double Start, double End, string Value);

/// <summary>Response of retrieveTranscription and retrieveTextInVideo. CONTRACT, section 10.</summary>
/// <param name="Id">The video.</param>
/// <param name="Data">Null, and not left out, when nothing was found or the video is not indexed yet.</param>
public sealed record TextResponse(
    string Id, string IndexId, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] IReadOnlyList<TextSegmentDto>? Data);

/// <summary>A segment in which a brand was detected. Times are in whole seconds; the score is 0 to 1.</summary>
/// <param name="Value">The brand.</param>
public sealed record LogoSegmentDto(double Start, double End, string Value, double Score);

/// <summary>Response of retrieveLogo. CONTRACT, section 10.</summary>
/// <param name="Id">The video.</param>
/// <param name="Data">Null, and not left out, when nothing was found or the video is not indexed yet.</param>
public sealed record LogoResponse(
    string Id, string IndexId, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] IReadOnlyList<LogoSegmentDto>? Data);

/// <summary>Response of retrieveThumbnail: an address that is valid for one hour and needs no key.</summary>
public sealed record ThumbnailResponse(string Thumbnail);

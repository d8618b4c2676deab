using System.Text.Json;
using System.Text.Json.Serialization;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Streams;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Videos;

/// <summary>A video as v1.1 shows it; without <c>index_id</c>, on which the official client would fail. CONTRACT, section 10.</summary>
/// <param name="Metadata">Technical facts, with the caller's own fields at the same level.</param>
/// <param name="IndexedAt">When indexing finished; left out before.</param>
/// <param name="Hls">How to play the video; left out before it is ready, and if it was uploaded with <c>disable_video_stream</c>.</param>
public sealed record VideoResponse(
    [property: JsonPropertyName("_id")] string Id,
    IReadOnlyDictionary<string, object> Metadata,
    [property: JsonConverter(typeof(WholeSecondTimes))] DateTimeOffset CreatedAt,
    [property: JsonConverter(typeof(WholeSecondTimes))] DateTimeOffset UpdatedAt,
    [property: JsonConverter(typeof(WholeSecondTimes))] DateTimeOffset? IndexedAt,
    HlsDto? Hls)
{
    public static VideoResponse From(Video video, HlsDto? hls)
        => new(video.Id, VideoMetadata.Of(video), video.CreatedAt, video.UpdatedAt, video.IndexedAt, hls);
}

/// <summary>Body of updateVideo; either member may be missing. CONTRACT, section 10.</summary>
/// <param name="Metadata">Fields to merge into the stored ones: text, number or boolean values.</param>
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

/// <summary>A stretch of spoken or shown words. Seconds.</summary>
public sealed record TextSegmentDto(double Start, double End, string Value);

/// <summary>Answer of retrieveTranscription and retrieveTextInVideo. CONTRACT, section 10.</summary>
/// <param name="Id">The video.</param>
/// <param name="Data">Null, and not left out, when nothing was found or the video is not indexed yet.</param>
public sealed record TextResponse(
    string Id, string IndexId, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] IReadOnlyList<TextSegmentDto>? Data);

/// <summary>A stretch in which a brand is recognised. Whole seconds; the score is 0 to 1.</summary>
/// <param name="Value">The brand.</param>
public sealed record LogoSegmentDto(double Start, double End, string Value, double Score);

/// <summary>Answer of retrieveLogo. CONTRACT, section 10.</summary>
/// <param name="Id">The video.</param>
/// <param name="Data">Null, and not left out, when nothing was found or the video is not indexed yet.</param>
public sealed record LogoResponse(
    string Id, string IndexId, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] IReadOnlyList<LogoSegmentDto>? Data);

/// <summary>Answer of retrieveThumbnail: an address that works for one hour and needs no key.</summary>
public sealed record ThumbnailResponse(string Thumbnail);

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.App.Clips;

/// <summary>Joins parts of videos, for example the hits of a search, into one MP4 file.</summary>
internal static class ClipEndpoints
{
    private const string Mp4 = "video/mp4";
    private const string Filename = "hits.mp4";

    public static void MapClips(this RouteGroupBuilder app)
    {
        var clips = app.MapGroup("/clips").WithMetadata(new SessionRequired());
        clips.MapGet("/limits", RetrieveLimits);
        clips.MapPost("/", JoinClipAsync);
    }

    private static Ok<ClipLimitsResponse> RetrieveLimits(IOptions<JoinedClipOptions> options)
        => TypedResults.Ok(new ClipLimitsResponse(options.Value.MaxParts, options.Value.MaxSeconds));

    /// <summary>The response begins when the first part has its first frame; until then every failure is an error of the API. Later ones
    /// close the connection.</summary>
    private static async Task<Results<PushStreamHttpResult, ApiError>> JoinClipAsync(
        JsonBody<JoinClipRequest> body, SessionUser user, VideoDbContext db, IFileStore store, ClipJoining joining,
        IOptions<JoinedClipOptions> options, CancellationToken cancellationToken)
    {
        var parts = body.Value.ReadParts(options.Value);
        var ids = parts.Select(part => part.VideoId).Distinct().ToList();
        var videos = await db.Videos.AsNoTracking().OwnedBy(user.Row.AccountId)
            .Where(video => ids.Contains(video.Id) && video.IndexedAt != null
                && db.Indexes.Live().Any(index => index.Id == video.IndexId))
            .ToDictionaryAsync(video => video.Id, cancellationToken);
        List<VideoPart> found = [];
        foreach (var (part, i) in parts.Select((part, i) => (part, i)))
        {
            if (!videos.TryGetValue(part.VideoId, out var video))
                return Gone(part.VideoId, i);
            found.Add(part.In(video, i));
        }
        foreach (var id in ids)
            if (await store.FindAsync(StoredFiles.VideoKey(id), cancellationToken) is null)
                return Gone(id, parts.FindIndex(part => part.VideoId == id));
        return TypedResults.Stream(
            output => joining.WriteAsync(user.Row.Id, found, output, cancellationToken), Mp4, fileDownloadName: Filename);
    }

    private static ApiError Gone(string id, int number) => ApiError.NotFound("videos", id) with
    {
        Message = $"The video {id} of parts[{number}] does not exist any more, or never did. Please search again.",
    };
}

/// <summary>Limits of joinClip.</summary>
/// <param name="MaxSeconds">Of all parts together.</param>
public sealed record ClipLimitsResponse(int MaxParts, int MaxSeconds);

/// <summary>Body of joinClip.</summary>
/// <param name="Parts">In the order of the clip.</param>
public sealed record JoinClipRequest(IReadOnlyList<ClipPartRequest?>? Parts)
{
    /// <exception cref="ApiException">A part is invalid, or the clip exceeds a limit.</exception>
    internal List<RequestedPart> ReadParts(JoinedClipOptions limits)
    {
        if (Parts is null)
            throw new ApiException(ApiError.Missing("parts"));
        if (Parts.Count == 0)
            throw new ApiException(ApiError.Invalid("parts", "It must have at least one part."));
        if (Parts.Count > limits.MaxParts)
            throw new ApiException(ApiError.UsageLimit(
                $"The clip would have {Parts.Count} parts; at most {limits.MaxParts} are allowed. Please use fewer parts."));
        var parts = Parts.Select((part, i) => ClipPartRequest.Read(part, $"parts[{i}]")).ToList();
        return parts.Sum(part => part.End - part.Start) is var seconds && seconds > limits.MaxSeconds
            ? throw new ApiException(ApiError.UsageLimit(
                $"The clip would have {seconds:0} seconds; at most {limits.MaxSeconds} are allowed. Please use fewer or shorter parts."))
            : parts;
    }
}

/// <summary>A part of a video in a request.</summary>
/// <param name="Start">Seconds of the video.</param>
/// <param name="End">Seconds of the video. Limited to the end of the video.</param>
public sealed record ClipPartRequest(string? VideoId, double? Start, double? End)
{
    /// <param name="name">Name of the part in error messages, for example <c>parts[0]</c>.</param>
    internal static RequestedPart Read(ClipPartRequest? part, string name)
    {
        if (part?.VideoId is null || part.Start is not { } start || part.End is not { } end)
            throw new ApiException(ApiError.Missing($"{name}.video_id", $"{name}.start", $"{name}.end"));
        Identifier.Require($"{name}.video_id", part.VideoId);
        if (start < 0)
            throw new ApiException(ApiError.Invalid($"{name}.start", "It must be at least 0."));
        return end > start ? new RequestedPart(part.VideoId, start, end)
            : throw new ApiException(ApiError.Invalid($"{name}.end", "It must be greater than start."));
    }
}

/// <summary>A valid part of a request; the video may not exist.</summary>
internal readonly record struct RequestedPart(string VideoId, double Start, double End)
{
    /// <exception cref="ApiException">The part is outside the video, or the video may not be played.</exception>
    public VideoPart In(Video video, int number)
    {
        if (video.IsStreamDisabled)
            throw new ApiException(ApiError.Invalid($"parts[{number}].video_id",
                $"The video {video.Id} was uploaded with disable_video_stream, so it cannot be part of a clip."));
        if (video is not { Duration: { } duration, Width: { } width, Height: { } height })
            throw new ApiException(ApiError.NotFound("videos", video.Id));
        return new VideoPart(video.Id, Start, EndWithin(duration, $"parts[{number}]") - Start, width, height, video.FramesPerSecond ?? 0);
    }

    /// <summary>Returns the end of the part within its video, in seconds.</summary>
    /// <param name="duration">Of the video, in seconds.</param>
    /// <exception cref="ApiException">The part begins after the end of the video.</exception>
    public double EndWithin(double duration, string name) => Start < duration
        ? Math.Min(End, duration)
        : throw new ApiException(ApiError.Invalid($"{name}.start",
            $"It must be less than the length of the video, which is {duration:0.###} seconds."));
}

/// <summary>A part of an existing video.</summary>
/// <param name="Width">Of the video, like height and frame rate.</param>
internal sealed record VideoPart(string VideoId, double Start, double Seconds, int Width, int Height, double FramesPerSecond);

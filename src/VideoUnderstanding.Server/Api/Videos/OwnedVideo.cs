using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Indexes;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Videos;

/// <summary>The video that the path names, and the index it is in.</summary>
public sealed record OwnedVideo(VideoIndex Index, Video Row)
{
    /// <exception cref="ApiErrorException">Malformed identifier, or no such index or video.</exception>
    public static async ValueTask<OwnedVideo?> BindAsync(HttpContext context)
    {
        var id = Identifier.FromRoute(context, "videoId", "video-id");
        var index = (await LiveIndex.BindAsync(context))!.Row;
        var db = context.RequestServices.GetRequiredService<VideoDbContext>();
        return await db.Videos.AsNoTracking().SingleOrDefaultAsync(video => video.Id == id && video.IndexId == index.Id, context.RequestAborted) is { } video
            ? new OwnedVideo(index, video)
            : throw new ApiErrorException(ApiError.NotFound("videos", id));
    }
}

using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Indexes;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Videos;

/// <summary>The video in the path with its index.</summary>
public sealed record OwnedVideo(VideoIndex Index, Video Row)
{
    /// <exception cref="ApiException">Malformed identifier, or no such index or video.</exception>
    public static async ValueTask<OwnedVideo?> BindAsync(HttpContext context)
    {
        var id = Identifier.FromRoute(context, "videoId", "video-id");
        var index = (await LiveIndex.BindAsync(context))!.Row;
        var db = context.RequestServices.GetRequiredService<VideoDbContext>();
        return await db.Videos.AsNoTracking()
            .SingleOrDefaultAsync(video => video.Id == id && video.IndexId == index.Id, context.RequestAborted) is { } video
            ? new OwnedVideo(index, video)
            : throw new ApiException(ApiError.NotFound("videos", id));
    }

    /// <summary>Finds a video of the caller's account in any index.</summary>
    /// <exception cref="ApiException">Malformed identifier, or no such video.</exception>
    public static async Task<OwnedVideo> FindAsync(VideoDbContext db, Caller caller, string id, CancellationToken cancellationToken)
    {
        Identifier.Require("video", id);
        var found = await db.Videos.AsNoTracking().OwnedBy(caller.AccountId).Where(video => video.Id == id)
            .Join(db.Indexes.AsNoTracking().Live(), video => video.IndexId, index => index.Id, (video, index) => new { index, video })
            .SingleOrDefaultAsync(cancellationToken);
        return found is null ? throw new ApiException(ApiError.NotFound("videos", id)) : new OwnedVideo(found.index, found.video);
    }
}

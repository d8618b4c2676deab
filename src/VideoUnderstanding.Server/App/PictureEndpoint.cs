using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Videos;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.App;

/// <summary>A picture of a video for an <c>img</c> element: authorized by the session, so that a page needs one request for each picture,
/// and indexes without the thumbnail add-on have pictures, too.</summary>
internal static class PictureEndpoint
{
    public static async Task<Results<FileStreamHttpResult, ApiError>> RetrievePictureAsync(
        string videoId, HttpContext context, SessionUser user, VideoDbContext db, ThumbnailFiles pictures,
        CancellationToken cancellationToken)
    {
        Identifier.Require("video-id", videoId);
        var time = QuerySeconds.Read(context.Request.Query, "time");
        if (await db.Videos.AsNoTracking().OwnedBy(user.Row.AccountId)
            .SingleOrDefaultAsync(row => row.Id == videoId && db.Indexes.Live().Any(index => index.Id == row.IndexId), cancellationToken)
            is not { Duration: { } duration } video)
            return ApiError.NotFound("videos", videoId);
        // Pictures are stored by their time. Whole tenths of a second bound how many there can be.
        var at = Math.Round(time ?? duration / 2, 1, MidpointRounding.ToZero);
        if (await pictures.OpenAsync(video, at, cancellationToken) is not { } picture)
            return ApiError.NotFound("videos", videoId);
        context.Response.Headers.CacheControl = "private, max-age=3600";
        return TypedResults.Stream(picture, "image/jpeg");
    }
}

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Indexes;
using VideoUnderstanding.Server.Api.Reading;

namespace VideoUnderstanding.Server.Api.Videos;

public static class VideoEndpoints
{
    public static void MapVideos(this RouteGroupBuilder v11)
    {
        var videos = v11.MapGroup("/indexes/{indexId}/videos").WithTags("Videos");
        videos.MapGet("/", ListVideosAsync);
        videos.MapGet("/{videoId}", RetrieveVideo);
        videos.MapPut("/{videoId}", UpdateVideoAsync);
        videos.MapDelete("/{videoId}", DeleteVideoAsync);
        videos.MapVideoTexts();
        videos.MapVideoLogos();
        videos.MapThumbnails();
    }

    private static async Task<Ok<ListResponse<VideoResponse>>> ListVideosAsync(
        LiveIndex index, HttpRequest request, VideoDbContext db, CancellationToken cancellationToken)
    {
        var videos = db.Videos.AsNoTracking().Where(video => video.IndexId == index.Row.Id);
        var (rows, info) = await ListQuery<Video>.Read(request.Query, VideoList.Table).RunAsync(videos, cancellationToken);
        return TypedResults.Ok(new ListResponse<VideoResponse>([.. rows.Select(VideoResponse.From)], info));
    }

    private static Ok<VideoResponse> RetrieveVideo(OwnedVideo video) => TypedResults.Ok(VideoResponse.From(video.Row));

    /// <summary>The database merges, so that of two requests at once neither is lost.</summary>
    private static async Task<Ok> UpdateVideoAsync(
        OwnedVideo video, JsonBody<UpdateVideoRequest> body, VideoDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (title, fields, now, id) = (VideoMetadata.TitleOf(body.Value), VideoMetadata.CustomOf(body.Value), clock.GetUtcNow(), video.Row.Id);
        await db.Database.ExecuteSqlAsync($"""
            UPDATE videos
            SET title = COALESCE({title}, title), custom_metadata = COALESCE(custom_metadata, jsonb_build_object()) || {fields}::jsonb, updated_at = {now}
            WHERE id = {id}
            """, cancellationToken);
        return TypedResults.Ok();
    }

    private static async Task<NoContent> DeleteVideoAsync(OwnedVideo video, Removals removals, CancellationToken cancellationToken)
    {
        await removals.RemoveVideoAsync(video.Row.Id, cancellationToken);
        return TypedResults.NoContent();
    }
}

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Words;
using VideoUnderstanding.Server.Api.Indexes;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Streams;
using VideoUnderstanding.Server.Errors;

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
        LiveIndex index, HttpRequest request, VideoDbContext db, StreamLinks streams, CancellationToken cancellationToken)
    {
        var videos = db.Videos.AsNoTracking().Where(video => video.IndexId == index.Row.Id);
        var (rows, info) = await ListQuery<Video>.Read(request.Query, VideoList.Table).RunAsync(videos, cancellationToken);
        return TypedResults.Ok(new ListResponse<VideoResponse>(
            [.. rows.Select(video => VideoResponse.From(video, streams.Create(request, video)))], info));
    }

    private static Ok<VideoResponse> RetrieveVideo(OwnedVideo video, HttpRequest request, StreamLinks streams)
        => TypedResults.Ok(VideoResponse.From(video.Row, streams.Create(request, video.Row)));

    /// <summary>Merges in the database, so that concurrent updates are not lost.</summary>
    private static async Task<Results<Ok, ApiError>> UpdateVideoAsync(
        OwnedVideo video, JsonBody<UpdateVideoRequest> body, VideoDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (title, fields, now, id) = (VideoMetadata.ReadTitle(body.Value), VideoMetadata.ReadCustomFields(body.Value), clock.GetUtcNow(),
            video.Row.Id);
        var (normalTitle, normalFields) = (title is null ? null : NormalForm.Of(title), NormalFields.Of(fields));
        var updated = await db.Database.ExecuteSqlAsync($"""
            UPDATE videos
            SET title = COALESCE({title}, title), custom_metadata = COALESCE(custom_metadata, jsonb_build_object()) || {fields}::jsonb,
                normal_title = COALESCE({normalTitle}, normal_title),
                normal_custom_metadata = COALESCE(normal_custom_metadata, jsonb_build_object()) || {normalFields}::jsonb,
                updated_at = {now}
            WHERE id = {id} AND pg_column_size(COALESCE(custom_metadata, jsonb_build_object()) || {fields}::jsonb)
                <= GREATEST({VideoMetadata.MaxBytes}, pg_column_size(COALESCE(custom_metadata, jsonb_build_object())))
            """, cancellationToken);
        if (updated == 1)
            return TypedResults.Ok();
        return await db.Videos.AnyAsync(row => row.Id == id, cancellationToken)
            ? ApiError.UsageLimit($"The metadata of a video may take {VideoMetadata.MaxBytes} bytes; together with what is stored this "
                + $"would be more. Please use fewer or shorter fields.")
            : ApiError.NotFound("videos", id);
    }

    private static async Task<NoContent> DeleteVideoAsync(OwnedVideo video, Removals removals)
    {
        await removals.RemoveVideoAsync(video.Row.Id, CancellationToken.None);
        return TypedResults.NoContent();
    }
}

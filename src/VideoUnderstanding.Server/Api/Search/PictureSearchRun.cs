using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Pictures;
using VideoUnderstanding.Search.ResultPages;
using VideoUnderstanding.Server.Api.Videos;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Search;

/// <summary>Runs a search by a picture and creates its response. An extension of v1.1.</summary>
public sealed class PictureSearchRun(
    VideoDbContext db, PictureSearch pictures, ReplicatedSearch search, SearchRun searches, IOptions<VideoSearchOptions> options)
{
    private static readonly string[] Searched = [IndexOptions.Visual];

    /// <exception cref="ApiException">The form is invalid, there is no such index or video, or the index has no visual option.</exception>
    /// <exception cref="ModelUnavailableException">A picture was uploaded and the visual model is missing.</exception>
    public async Task<SearchResponse> RunAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var caller = http.Features.GetRequiredFeature<Caller>();
        var form = await PictureSearchForm.ReadAsync(http.Request, options.Value.PictureBytes, cancellationToken);
        var index = await searches.RequireIndexAsync(caller, form.Wanted.IndexId, Searched, cancellationToken);
        var pool = await db.PoolOfAsync(index.Id, cancellationToken);
        var clips = await SearchTelemetry.MeasureAsync("picture", Searched, () => WithPictureAsync(form.Wanted,
            picture => search.FindAsync(
                new PictureQuery(index.Id, picture, form.Threshold, form.Filter), cancellationToken), cancellationToken));
        var result = SearchResult.Of(pool, clips, form.Grouping, form.Order, showsModules: false);
        return await searches.StoreAsync(result, caller, form.Limit, index, http.Request, cancellationToken);
    }

    /// <summary>Embeds the picture and reads with its vector.</summary>
    /// <param name="read">Returns null if the index has just been switched to other models; then the picture is embedded again.</param>
    /// <exception cref="ApiException">The picture is unreadable, or there is no such video.</exception>
    /// <exception cref="ModelUnavailableException">A picture was uploaded and the visual model is missing.</exception>
    internal async Task<T> WithPictureAsync<T>(
        WantedPicture wanted, Func<PictureVector, Task<T?>> read, CancellationToken cancellationToken) where T : class
    {
        while (true)
        {
            var picture = wanted.Picture is { } file ? await EmbedAsync(wanted.IndexId, file, cancellationToken)
                : await VectorAtAsync(wanted, cancellationToken);
            if (await read(picture) is { } found)
                return found;
        }
    }

    private async Task<PictureVector> EmbedAsync(string indexId, byte[] picture, CancellationToken cancellationToken)
    {
        try
        {
            return await pictures.EmbedAsync(indexId, picture, cancellationToken);
        }
        catch (MediaException unreadable)
        {
            throw SearchParsing.Invalid(WantedPicture.PictureField, unreadable.Message);
        }
    }

    /// <summary>The video must be in the searched index, because other indexes may use other models.</summary>
    private async Task<PictureVector> VectorAtAsync(WantedPicture wanted, CancellationToken cancellationToken)
    {
        if (await db.Videos.AsNoTracking().SingleOrDefaultAsync(
            row => row.Id == wanted.VideoId && row.IndexId == wanted.IndexId, cancellationToken) is not { } video)
            throw new ApiException(ApiError.NotFound("videos", wanted.VideoId!));
        var time = ThumbnailFiles.ResolveTime(video, wanted.Time);
        return await pictures.VectorAtAsync(wanted.IndexId, video.Id, time, cancellationToken)
            ?? throw SearchParsing.Invalid(WantedPicture.TimeField, "The video has not been indexed yet, so it has no pictures.");
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Moments;
using VideoUnderstanding.Server.Api.Search;
using VideoUnderstanding.Server.App.Clips;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.App.Curves;

/// <summary>Computes the curves of hits and creates the response.</summary>
internal sealed class CurveRun(VideoDbContext db, SearchRun searches, ReplicatedSearch search, PictureSearchRun pictures,
    IOptions<VideoSearchOptions> options)
{
    private static readonly string[] Searched = [IndexOptions.Visual];

    /// <exception cref="ApiException">The request is invalid, there is no such index or video, or the index lacks the option
    /// visual.</exception>
    /// <exception cref="ModelUnavailableException">A model of the option visual is missing.</exception>
    public async Task<CurveListResponse> OfTextAsync(CurveListRequest request, Caller caller, CancellationToken cancellationToken)
    {
        var (indexId, text, requested) = request.Read();
        var hits = await RangesAsync(indexId, requested, caller, cancellationToken);
        return Response(indexId, requested, await search.CurvesAsync(indexId, text, hits, cancellationToken));
    }

    /// <summary>For hits of a picture: a form with the fields of searchPicture that give the picture, and <c>hits</c>.</summary>
    /// <inheritdoc cref="OfTextAsync"/>
    public async Task<CurveListResponse> OfPictureAsync(HttpRequest request, Caller caller, CancellationToken cancellationToken)
    {
        var (wanted, form) = await WantedPicture.ReadAsync(request, options.Value.PictureBytes,
            new Dictionary<string, int> { [RequestedHits.Name] = RequestedHits.MaxBytes }, cancellationToken);
        var requested = RequestedHits.Read(form.Bytes(RequestedHits.Name));
        var hits = await RangesAsync(wanted.IndexId, requested, caller, cancellationToken);
        return Response(wanted.IndexId, requested, await pictures.WithPictureAsync(wanted,
            picture => search.CurvesAsync(wanted.IndexId, picture, hits, cancellationToken), cancellationToken));
    }

    /// <summary>Checks that the index and the videos of the hits belong to the caller.</summary>
    private async Task<List<HitRange>> RangesAsync(
        string indexId, List<RequestedPart> hits, Caller caller, CancellationToken cancellationToken)
    {
        var index = await searches.RequireIndexAsync(caller, indexId, Searched, cancellationToken);
        var ids = hits.Select(hit => hit.VideoId).Distinct().ToList();
        var durations = await db.Videos.AsNoTracking().Searchable().Where(video => video.IndexId == index.Id && ids.Contains(video.Id))
            .ToDictionaryAsync(video => video.Id, video => video.Duration, cancellationToken);
        return [
            .. hits.Select((hit, i) => durations.GetValueOrDefault(hit.VideoId) is { } duration
                ? new HitRange(hit.VideoId, hit.Start, hit.EndWithin(duration, $"{RequestedHits.Name}[{i}]"))
                : throw new ApiException(ApiError.NotFound("videos", hit.VideoId)))];
    }

    /// <param name="curves">Empty if the index was deleted meanwhile.</param>
    private static CurveListResponse Response(string indexId, List<RequestedPart> hits, IReadOnlyList<HitCurve> curves)
        => curves.Count == hits.Count ? new CurveListResponse([.. hits.Zip(curves, CurveDto.Of)])
            : throw new ApiException(ApiError.NotFound("indexes", indexId));
}

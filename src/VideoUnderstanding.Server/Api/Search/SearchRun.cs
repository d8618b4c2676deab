using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Combined;
using VideoUnderstanding.Search.ResultPages;
using VideoUnderstanding.Server.Api.Indexes;
using VideoUnderstanding.Server.Api.Videos;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Search;

/// <summary>One search from the understood request to the answer.</summary>
public sealed class SearchRun(VideoDbContext db, VideoSearch search, FrozenResults results, ThumbnailLinks thumbnails)
{
    public async Task<Results<Ok<SearchResponse>, ApiError>> AnswerAsync(SearchOrder order, HttpContext http, CancellationToken cancellationToken)
    {
        var caller = http.Features.GetRequiredFeature<Caller>();
        if (await LiveIndex.FindAsync(db, caller, order.IndexId, cancellationToken) is not { } index)
            return ApiError.NotFound("indexes", order.IndexId);
        if (order.Options.FirstOrDefault(option => !index.Options.Contains(option)) is { } foreign)
            return ApiError.SearchOptionNotSupported(foreign, index.Id, index.Options);
        try
        {
            var pool = await db.PoolOfAsync(index.Id, cancellationToken);
            var clips = pool.TotalCount == 0 ? [] : await FindAsync(order, cancellationToken);
            var result = SearchResult.Of(pool, clips, order.Grouping, order.Order, showsModules: order.Text is not { Options.Count: 1 });
            var page = await results.FreezeAsync(result, caller.AccountId, order.Limit, cancellationToken);
            return TypedResults.Ok(Response(page, index.Addons, http.Request).Echo(order.Text));
        }
        catch (ModelUnavailableException missing)
        {
            return ApiError.ModelUnavailable(missing.Message);
        }
    }

    /// <summary>Addresses of thumbnails are signed anew for every page, so that they work as long as the page is looked at.</summary>
    public async Task<SearchResponse> ResponseAsync(ResultPage page, HttpRequest request, CancellationToken cancellationToken)
        => Response(page, await db.Indexes.Where(index => index.Id == page.Result.Pool.IndexId).Select(index => index.Addons).SingleAsync(cancellationToken), request);

    private Task<IReadOnlyList<ClipMatch>> FindAsync(SearchOrder order, CancellationToken cancellationToken) => order.Text is { } text
        ? search.FindAsync(new SearchQuery(order.IndexId, text, order.Operator, order.Threshold, order.Filter), cancellationToken)
        : search.FindAsync(new CombinedSearchQuery(order.IndexId, order.Query, order.Operator, order.Threshold, order.Filter), cancellationToken);

    private SearchResponse Response(ResultPage page, string[] addons, HttpRequest request)
        => SearchResponse.From(page, addons.Contains(IndexAddons.Thumbnail) ? (video, time) => thumbnails.Create(request, video, time) : null);
}

using Microsoft.AspNetCore.Http.Features;
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
public sealed class SearchRun(VideoDbContext db, VideoSearch search, ModelSet models, AnswerPages pages, ThumbnailLinks thumbnails)
{
    /// <exception cref="ApiException">There is no such index, or it lacks a search option.</exception>
    /// <exception cref="ModelUnavailableException">A model that the query needs is missing, also if the index has no videos.</exception>
    public async Task<SearchResponse> AnswerAsync(SearchOrder order, HttpContext http, CancellationToken cancellationToken)
    {
        var caller = http.Features.GetRequiredFeature<Caller>();
        if (await LiveIndex.FindAsync(db, caller, order.IndexId, cancellationToken) is not { } index)
            throw new ApiException(ApiError.NotFound("indexes", order.IndexId));
        if (order.Options.FirstOrDefault(option => !index.Options.Contains(option)) is { } foreign)
            throw new ApiException(ApiError.SearchOptionNotSupported(foreign, index.Id, index.Options));
        models.Require(order.Query.Leaves().SelectMany(leaf => leaf.Options.WithModels(leaf.Conversation)));
        var pool = await db.PoolOfAsync(index.Id, cancellationToken);
        var clips = pool is { TotalCount: 0, Indexing: 0 } ? []
            : await SearchTelemetry.MeasureAsync(order.Text is null ? "combined" : "search", order.Options,
                () => FindAsync(order, cancellationToken));
        var result = SearchResult.Of(pool, clips, order.Grouping, order.Order, showsModules: order.Text is not { Options.Count: 1 });
        var page = await pages.StoreAsync(result, caller.AccountId, order.Limit, cancellationToken);
        return Response(page, index.Addons, http.Request).Echo(order.Text);
    }

    /// <summary>A page of a stored answer; null if there is no such page. Thumbnail addresses are signed for each request, so that they are
    /// valid while the page is shown.</summary>
    public async Task<SearchResponse?> PageAsync(
        PageToken token, string accountId, HttpRequest request, CancellationToken cancellationToken)
    {
        if (await pages.FindAsync<SearchResult, ResultItem>(token, accountId, cancellationToken) is not { } page)
            return null;
        var addons = await db.Indexes.Where(index => index.Id == page.Answer.Pool.IndexId).Select(index => index.Addons)
            .SingleAsync(cancellationToken);
        return Response(page, addons, request);
    }

    private Task<IReadOnlyList<ClipMatch>> FindAsync(SearchOrder order, CancellationToken cancellationToken) => order.Text is { } text
        ? search.FindAsync(new SearchQuery(order.IndexId, text, order.Operator, order.Threshold, order.Filter), cancellationToken)
        : search.FindAsync(new CombinedSearchQuery(order.IndexId, order.Query, order.Operator, order.Threshold, order.Filter),
            cancellationToken);

    private SearchResponse Response(AnswerPage<SearchResult> page, string[] addons, HttpRequest request)
        => SearchResponse.From(page,
            addons.Contains(IndexAddons.Thumbnail) ? (video, time) => thumbnails.Create(request, video, time) : null);
}

using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Combined;
using VideoUnderstanding.Search.ResultPages;
using VideoUnderstanding.Server.Api.Indexes;
using VideoUnderstanding.Server.Api.Videos;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Search;

/// <summary>Runs a search and creates its response.</summary>
public sealed class SearchRun(VideoDbContext db, ReplicatedSearch search, ModelSets models, AnswerPages pages, ThumbnailLinks thumbnails)
{
    /// <exception cref="ApiException">There is no such index, or it lacks a search option.</exception>
    /// <exception cref="ModelUnavailableException">A model that the query needs is missing, also if the index has no videos.</exception>
    public async Task<SearchResponse> RunAsync(SearchParameters parameters, HttpContext http, CancellationToken cancellationToken)
    {
        var caller = http.Features.GetRequiredFeature<Caller>();
        var index = await RequireIndexAsync(caller, parameters.IndexId, parameters.Options, cancellationToken);
        var tables = await SearchTableStore.ReadAsync(db, index.Id, cancellationToken);
        models.Of(tables.Profile).Models.Require(parameters.Query.Leaves().SelectMany(leaf => leaf.Options.WithModels(leaf.Conversation)));
        var pool = await db.PoolOfAsync(index.Id, cancellationToken);
        var clips = pool is { TotalCount: 0, Indexing: 0 } ? []
            : await SearchTelemetry.MeasureAsync(parameters.Text is null ? "combined" : "search", parameters.Options,
                () => FindAsync(parameters, cancellationToken));
        var result = SearchResult.Of(
            pool, clips, parameters.Grouping, parameters.Order, showsModules: parameters.Text is not { Options.Count: 1 });
        return (await StoreAsync(result, caller, parameters.Limit, index, http.Request, cancellationToken)).Echo(parameters.Text);
    }

    /// <returns>The index.</returns>
    /// <exception cref="ApiException">There is no such index, or it lacks a search option.</exception>
    internal async Task<VideoIndex> RequireIndexAsync(
        Caller caller, string indexId, IEnumerable<string> options, CancellationToken cancellationToken)
    {
        if (await LiveIndex.FindAsync(db, caller, indexId, cancellationToken) is not { } index)
            throw new ApiException(ApiError.NotFound("indexes", indexId));
        return options.FirstOrDefault(option => !index.Options.Contains(option)) is { } foreign
            ? throw new ApiException(ApiError.SearchOptionNotSupported(foreign, index.Id, index.Options))
            : index;
    }

    /// <summary>Stores a result for its pages.</summary>
    /// <param name="limit">Maximum items per page.</param>
    /// <returns>The first page.</returns>
    internal async Task<SearchResponse> StoreAsync(
        SearchResult result, Caller caller, int limit, VideoIndex index, HttpRequest request, CancellationToken cancellationToken)
        => Response(await pages.StoreAsync(result, caller.AccountId, limit, cancellationToken), index.Addons, request);

    /// <summary>Returns a page of a stored result, or null if it does not exist. Thumbnail addresses are signed for each request, so they
    /// are valid while the page is shown.</summary>
    public async Task<SearchResponse?> PageAsync(
        PageToken token, string accountId, HttpRequest request, CancellationToken cancellationToken)
    {
        if (await pages.FindAsync<SearchResult, ResultItem>(token, accountId, cancellationToken) is not { } page)
            return null;
        var addons = await db.Indexes.Where(index => index.Id == page.Answer.Pool.IndexId).Select(index => index.Addons)
            .SingleAsync(cancellationToken);
        return Response(page, addons, request);
    }

    private Task<IReadOnlyList<ClipMatch>> FindAsync(SearchParameters parameters, CancellationToken cancellationToken)
    {
        var (_, indexId, combination, threshold, _, filter, _, _) = parameters;
        return parameters.Text is { } text
            ? search.FindAsync(new SearchQuery(indexId, text, combination, threshold, filter), cancellationToken)
            : search.FindAsync(new CombinedSearchQuery(indexId, parameters.Query, combination, threshold, filter), cancellationToken);
    }

    private SearchResponse Response(AnswerPage<SearchResult> page, string[] addons, HttpRequest request)
        => SearchResponse.From(page,
            addons.Contains(IndexAddons.Thumbnail) ? (video, time) => thumbnails.Create(request, video, time) : null);
}

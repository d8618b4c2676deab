using Microsoft.AspNetCore.Http.HttpResults;
using VideoUnderstanding.Search.ResultPages;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;
using VideoUnderstanding.Server.Limits;

namespace VideoUnderstanding.Server.Api.Search;

public static class SearchEndpoints
{
    public static void MapSearch(this RouteGroupBuilder v11)
    {
        var search = v11.MapGroup("/").WithTags("Search");
        search.MapPost("/search", SearchAsync).WithMetadata(new CostlyRequest());
        search.MapPost("/search/picture", SearchPictureAsync).WithMetadata(new CostlyRequest());
        search.MapGet("/search/{pageToken}", SearchPageAsync);
        search.MapPost("/beta/search", CombinedSearchAsync).WithMetadata(new CostlyRequest());
        // Both paths accept tokens of both kinds of search. CONTRACT 7.6.
        search.MapGet("/beta/search/{pageToken}", CombinedSearchPageAsync);
    }

    private static async Task<Ok<SearchResponse>> SearchAsync(
        JsonBody<SearchRequest> body, HttpContext http, SearchRun run, CancellationToken cancellationToken)
        => TypedResults.Ok(await run.RunAsync(body.Value.Read(), http, cancellationToken));

    private static async Task<Ok<SearchResponse>> SearchPictureAsync(
        HttpContext http, PictureSearchRun run, CancellationToken cancellationToken)
        => TypedResults.Ok(await run.RunAsync(http, cancellationToken));

    private static async Task<Ok<SearchResponse>> CombinedSearchAsync(
        JsonBody<CombinedSearchRequest> body, HttpContext http, SearchRun run, CancellationToken cancellationToken)
        => TypedResults.Ok(await run.RunAsync(body.Value.Read(), http, cancellationToken));

    private static async Task<Results<Ok<SearchResponse>, ApiError>> SearchPageAsync(
        string pageToken, HttpContext http, Caller caller, SearchRun run, CancellationToken cancellationToken)
        => PageToken.Parse(pageToken) is { } token
            && await run.PageAsync(token, caller.AccountId, http.Request, cancellationToken) is { } page
            ? TypedResults.Ok(page)
            : ApiError.SearchTokenExpired(pageToken);

    private static Task<Results<Ok<SearchResponse>, ApiError>> CombinedSearchPageAsync(
        string pageToken, HttpContext http, Caller caller, SearchRun run, CancellationToken cancellationToken)
        => SearchPageAsync(pageToken, http, caller, run, cancellationToken);
}

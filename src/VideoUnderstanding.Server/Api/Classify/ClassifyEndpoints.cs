using Microsoft.AspNetCore.Http.HttpResults;
using VideoUnderstanding.Search.ResultPages;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;
using VideoUnderstanding.Server.Limits;

namespace VideoUnderstanding.Server.Api.Classify;

public static class ClassifyEndpoints
{
    public static void MapClassify(this RouteGroupBuilder v11)
    {
        var classify = v11.MapGroup("/classify").WithTags("Classify");
        classify.MapPost("/", ClassifyVideoAsync).WithMetadata(new CostlyRequest());
        classify.MapPost("/bulk", ClassifyBulkAsync).WithMetadata(new CostlyRequest());
        classify.MapGet("/{pageToken}", ClassifyPageAsync);
    }

    /// <remarks>With <c>video_ids</c> (1.1.2) the response is that of classifyBulk. JsonHttpResult adds no metadata, so the OpenAPI
    /// document shows only the response for one video, as CONTRACT does.</remarks>
    private static async Task<Results<Ok<ClassifyVideoResponse>, JsonHttpResult<ClassifyBulkResponse>>> ClassifyVideoAsync(
        JsonBody<ClassifyVideoRequest> body, HttpContext http, ClassifyRun run, CancellationToken cancellationToken)
    {
        var parameters = body.Value.Read();
        if (body.Value.VideoIds is not null)
            return TypedResults.Json(await run.ClassifySomeAsync(parameters, http, cancellationToken));
        return TypedResults.Ok(await run.ClassifyOneAsync(parameters, http, cancellationToken));
    }

    private static async Task<Ok<ClassifyBulkResponse>> ClassifyBulkAsync(
        JsonBody<ClassifyBulkRequest> body, HttpContext http, ClassifyRun run, CancellationToken cancellationToken)
        => TypedResults.Ok(await run.ClassifyIndexAsync(body.Value.Read(), http, cancellationToken));

    private static async Task<Results<Ok<ClassifyBulkResponse>, ApiError>> ClassifyPageAsync(
        string pageToken, HttpContext http, ClassifyRun run, CancellationToken cancellationToken)
    {
        if (PageToken.Parse(pageToken) is not { } token)
            return ApiError.ClassifyTokenInvalid(pageToken);
        return await run.PageAsync(token, http, cancellationToken) is { } page ? TypedResults.Ok(page)
            : ApiError.ClassifyTokenExpired(pageToken);
    }
}

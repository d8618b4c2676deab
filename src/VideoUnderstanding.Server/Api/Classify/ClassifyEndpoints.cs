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

    /// <remarks>Several videos, as 1.1.2 asks for them, are answered as those of an index are.</remarks>
    private static async Task<Results<Ok<ClassifyVideoResponse>, JsonHttpResult<ClassifyBulkResponse>, ApiError>> ClassifyVideoAsync(
        JsonBody<ClassifyVideoRequest> body, HttpContext http, ClassifyRun run, CancellationToken cancellationToken)
    {
        var order = body.Value.Read();
        if (body.Value.VideoIds is not null)
        {
            var several = await run.SomeAsync(order, http, cancellationToken);
            return several.Value is { } videos ? TypedResults.Json(videos) : several.Error!;
        }
        var answer = await run.OneAsync(order, http, cancellationToken);
        return answer.Value is { } video ? TypedResults.Ok(video) : answer.Error!;
    }

    private static async Task<Results<Ok<ClassifyBulkResponse>, ApiError>> ClassifyBulkAsync(
        JsonBody<ClassifyBulkRequest> body, HttpContext http, ClassifyRun run, CancellationToken cancellationToken)
    {
        var answer = await run.IndexAsync(body.Value.Read(), http, cancellationToken);
        return answer.Value is { } videos ? TypedResults.Ok(videos) : answer.Error!;
    }

    private static async Task<Results<Ok<ClassifyBulkResponse>, ApiError>> ClassifyPageAsync(
        string pageToken, HttpContext http, ClassifyRun run, CancellationToken cancellationToken)
    {
        if (PageToken.Parse(pageToken) is not { } token)
            return ApiError.ClassifyTokenInvalid(pageToken);
        return await run.PageAsync(token, http, cancellationToken) is { } page ? TypedResults.Ok(page) : ApiError.ClassifyTokenExpired(pageToken);
    }
}

using Microsoft.AspNetCore.Http.HttpResults;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Engines;

public static class EngineEndpoints
{
    public static void MapEngines(this RouteGroupBuilder v11)
    {
        var engines = v11.MapGroup("/engines").WithTags("Engines");
        engines.MapGet("/", ListEngines);
        engines.MapGet("/{engineId}", RetrieveEngine);
    }

    private static Ok<EngineListResponse> ListEngines() => TypedResults.Ok(new EngineListResponse(EngineTable.All));

    private static Results<Ok<EngineResponse>, ApiError> RetrieveEngine(string engineId)
        => EngineTable.Find(engineId) is { } engine ? TypedResults.Ok(engine) : ApiError.NotFound("engines", engineId);
}

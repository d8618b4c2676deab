using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using VideoUnderstanding.Data.Entities;
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

/// <summary>The engines of v1.1, newest first. All names use the same models; they exist for compatibility with clients.</summary>
public static class EngineTable
{
    private static readonly string[] Options = [IndexOptions.Visual, IndexOptions.Conversation, IndexOptions.TextInVideo,
        IndexOptions.Logo];

    public static IReadOnlyList<EngineResponse> All { get; } =
    [
        Engine("marengo2.5", new DateTimeOffset(2023, 5, 20, 2, 0, 0, TimeSpan.Zero)),
        Engine("marengo2", new DateTimeOffset(2022, 7, 4, 3, 5, 27, 68, TimeSpan.Zero)),
        Engine("marengo", new DateTimeOffset(2022, 3, 1, 9, 0, 0, TimeSpan.Zero)),
    ];

    public static EngineResponse? Find(string id) => All.FirstOrDefault(engine => engine.Id == id);

    private static EngineResponse Engine(string id, DateTimeOffset since)
        => new(id, "twelve_labs", Options, Ready: true, Finetune: false, since, since);
}

/// <summary>A search engine. Clients require all seven members. CONTRACT, section 5.</summary>
public sealed record EngineResponse(
    [property: JsonPropertyName("_id")] string Id,
    string Author,
    IReadOnlyList<string> AllowedIndexOptions,
    bool Ready,
    bool Finetune,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <summary>Response of listEngines, without pages.</summary>
public sealed record EngineListResponse(IReadOnlyList<EngineResponse> Data);

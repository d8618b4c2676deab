using System.Text.Json.Serialization;

namespace VideoUnderstanding.Server.Api.Engines;

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

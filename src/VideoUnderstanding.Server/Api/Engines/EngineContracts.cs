using System.Text.Json.Serialization;

namespace VideoUnderstanding.Server.Api.Engines;

/// <summary>A search engine; all seven members must be there. CONTRACT, section 5.</summary>
public sealed record EngineResponse(
    [property: JsonPropertyName("_id")] string Id,
    string Author,
    IReadOnlyList<string> AllowedIndexOptions,
    bool Ready,
    bool Finetune,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <summary>Answer of listEngines: not paged.</summary>
public sealed record EngineListResponse(IReadOnlyList<EngineResponse> Data);

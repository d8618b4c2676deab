namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>A page of a list. CONTRACT, section 4.</summary>
public sealed record ListResponse<T>(IReadOnlyList<T> Data, PageInfoDto PageInfo);

/// <summary>Position of a page. Clients stop when <paramref name="Page"/> equals <paramref name="TotalPage"/>, so that is at least
/// 1.</summary>
public sealed record PageInfoDto(int LimitPerPage, int Page, int TotalPage, int TotalResults);

/// <summary>Response to the creation of a resource.</summary>
public sealed record CreatedIdResponse([property: System.Text.Json.Serialization.JsonPropertyName("_id")] string Id);

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>A page of a list. CONTRACT, section 4.</summary>
public sealed record ListResponse<T>(IReadOnlyList<T> Data, PageInfoDto PageInfo);

/// <summary>Where a page stands in its list. Readers stop when <paramref name="Page"/> equals <paramref name="TotalPage"/>, which is
/// therefore at least 1.</summary>
public sealed record PageInfoDto(int LimitPerPage, int Page, int TotalPage, int TotalResults);

/// <summary>Answer to whatever creates: only the identifier.</summary>
public sealed record CreatedIdResponse([property: System.Text.Json.Serialization.JsonPropertyName("_id")] string Id);

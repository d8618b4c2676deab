using System.Text.Json;
using System.Text.Json.Serialization;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Engines;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Indexes;

/// <summary>Body of createIndex. CONTRACT, section 5.</summary>
public sealed record CreateIndexRequest(
    string? EngineId, IReadOnlyList<string>? IndexOptions, string? IndexName, IReadOnlyList<string>? Addons) : IValidatedRequest
{
    public static readonly string[] AllowedAddons = [IndexAddons.Thumbnail, IndexAddons.Logo];

    /// <summary>The options of the index. The add-on <c>logo</c>, as it was named in early 2023, counts as the option. CONTRACT, section
    /// 5.</summary>
    public string[] EffectiveOptions()
        => [.. IndexOptions!.Concat((Addons ?? []).Where(addon => addon == IndexAddons.Logo).Select(_ => Data.Entities.IndexOptions.Logo))
            .Distinct()];

    public void Validate()
    {
        string?[] missing = [EngineId is null ? "engine_id" : null, IndexOptions is null ? "index_options" : null,
            IndexName is null ? "index_name" : null];
        if (missing.OfType<string>().ToArray() is { Length: > 0 } names)
            throw new ApiException(ApiError.Missing(names));
        if (EngineTable.Find(EngineId!) is not { } engine)
            throw new ApiException(
                ApiError.Invalid("engine_id",
                    $"It must be one of the following: {string.Join(", ", EngineTable.All.Select(known => known.Id))}."));
        CheckList("index_options", IndexOptions!, engine.AllowedIndexOptions, atLeast: 1);
        IndexNames.Check(IndexName!);
        CheckList("addons", Addons ?? [], AllowedAddons, atLeast: 0);
    }

    private static void CheckList(string parameter, IReadOnlyList<string?> values, IReadOnlyList<string> allowed, int atLeast)
    {
        if (values.Count < atLeast || values.Any(value => value is null || !allowed.Contains(value)))
            throw new ApiException(ApiError.Invalid(
                parameter,
                $"It must be a list of {(atLeast > 0 ? "one or more" : "any")} of the following: {string.Join(", ", allowed)}."));
        if (values.Distinct().Count() != values.Count)
            throw new ApiException(ApiError.Invalid(parameter, "No entry may occur twice."));
    }
}

/// <summary>Body of updateIndex. Only the name can change; the other members exist so that they are rejected with specific error
/// codes.</summary>
public sealed record UpdateIndexRequest(string? IndexName, JsonElement? IndexOptions, JsonElement? EngineId) : IValidatedRequest
{
    public void Validate()
    {
        if (IndexOptions is not null)
            throw new ApiException(ApiError.IndexOptionFixed());
        if (EngineId is not null)
            throw new ApiException(ApiError.IndexEngineFixed());
        IndexNames.Check(IndexName ?? throw new ApiException(ApiError.Missing("index_name")));
    }
}

/// <summary>Validates names of indexes.</summary>
internal static class IndexNames
{
    private const int MaxLength = 255;

    /// <exception cref="ApiException">The name is empty or too long.</exception>
    public static void Check(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > MaxLength)
            throw new ApiException(ApiError.Invalid("index_name", $"It must have 1 to {MaxLength} characters, not only spaces."));
    }
}

/// <summary>An index in a response. CONTRACT, section 5. Counts and durations include indexed videos only.</summary>
/// <param name="TotalDuration">Seconds.</param>
/// <param name="ExpiresAt">A fixed date in 2099, because indexes do not expire and strict clients require the member.</param>
/// <param name="Deleted">True for a deleted index; otherwise omitted.</param>
public sealed record IndexResponse(
    [property: JsonPropertyName("_id")] string Id,
    string IndexName,
    string EngineId,
    IReadOnlyList<string> IndexOptions,
    IReadOnlyList<string> Addons,
    int VideoCount,
    double TotalDuration,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset ExpiresAt,
    bool? Deleted)
{
    private static readonly DateTimeOffset NoExpiry = new(2099, 12, 31, 23, 59, 59, TimeSpan.Zero);

    /// <param name="totals">Used only for a live index: rows of a deleted index may not be removed yet.</param>
    public static IndexResponse From(VideoIndex index, IndexTotals totals)
    {
        var shown = index.DeletedAt is null ? totals : default;
        return new(
            index.Id, index.Name, index.EngineId, index.Options, index.Addons, shown.VideoCount, shown.TotalDuration,
            index.CreatedAt, index.UpdatedAt, NoExpiry, index.DeletedAt is null ? null : true);
    }
}

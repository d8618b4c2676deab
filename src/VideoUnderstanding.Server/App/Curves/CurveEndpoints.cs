using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using VideoUnderstanding.Search.Moments;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Search;
using VideoUnderstanding.Server.App.Clips;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;
using VideoUnderstanding.Server.Limits;

namespace VideoUnderstanding.Server.App.Curves;

/// <summary>The scores over time around hits of a search. docs/web-app.md.</summary>
internal static class CurveEndpoints
{
    public static void MapCurves(this RouteGroupBuilder app)
    {
        var curves = app.MapGroup("/curves").WithMetadata(new SessionRequired(), new CostlyRequest());
        curves.MapPost("/", ListCurvesAsync);
        curves.MapPost("/picture", ListPictureCurvesAsync);
    }

    private static async Task<Ok<CurveListResponse>> ListCurvesAsync(
        JsonBody<CurveListRequest> body, Caller caller, CurveRun run, CancellationToken cancellationToken)
        => TypedResults.Ok(await run.OfTextAsync(body.Value, caller, cancellationToken));

    private static async Task<Ok<CurveListResponse>> ListPictureCurvesAsync(
        HttpRequest request, Caller caller, CurveRun run, CancellationToken cancellationToken)
        => TypedResults.Ok(await run.OfPictureAsync(request, caller, cancellationToken));
}

/// <summary>Body of listCurves.</summary>
/// <param name="Query">A text. Combined queries have no curves: each of their texts has its own.</param>
public sealed record CurveListRequest(string? IndexId, JsonElement? Query, IReadOnlyList<ClipPartRequest?>? Hits)
{
    /// <exception cref="ApiException">A member is missing or invalid.</exception>
    internal (string IndexId, string Text, List<RequestedPart> Hits) Read()
    {
        SearchParsing.Require(("index_id", IndexId), ("query", Query), (RequestedHits.Name, Hits));
        return (Identifier.Require("index_id", IndexId), SearchParsing.QueryText("query", Query!.Value), RequestedHits.Read(Hits!));
    }
}

/// <summary>Reads the hits of a request.</summary>
internal static class RequestedHits
{
    public const string Name = "hits";

    /// <summary>Maximum size of a form field with hits.</summary>
    public const int MaxBytes = 16 * 1024;

    private const int MaxHits = 20;

    /// <exception cref="ApiException">The number of hits is outside 1 to 20, or a hit is invalid.</exception>
    public static List<RequestedPart> Read(IReadOnlyList<ClipPartRequest?> hits)
        => hits.Count is > 0 and <= MaxHits
            ? [.. hits.Select((hit, i) => ClipPartRequest.Read(hit, $"{Name}[{i}]"))]
            : throw new ApiException(ApiError.Invalid(Name, $"It must have 1 to {MaxHits} hits, and has {hits.Count}."));

    /// <param name="json">A JSON array; null if the field is missing.</param>
    /// <exception cref="ApiException">The array is malformed, or a hit is invalid.</exception>
    public static List<RequestedPart> Read(byte[]? json)
    {
        SearchParsing.Require((Name, json));
        using var document = JsonDocuments.ParseArray(Name, json);
        JsonDocuments.CheckTexts(document.RootElement, Name);
        using var body = JsonSerializer.SerializeToDocument(new Dictionary<string, JsonElement> { [Name] = document.RootElement });
        return Read(JsonBody<HitList>.Read(body.RootElement).Hits!);
    }

    private sealed record HitList(IReadOnlyList<ClipPartRequest?>? Hits);
}

/// <param name="Data">One curve per hit, in the order of the request.</param>
public sealed record CurveListResponse(IReadOnlyList<CurveDto> Data);

/// <summary>The scores around a hit, in equal steps. Times are seconds.</summary>
/// <param name="From">Start of the first step.</param>
/// <param name="Scores">At most 64. Null: nothing of the step is indexed. Empty: nothing of the range is.</param>
public sealed record CurveDto(string VideoId, double Start, double End, double From, double Step, IReadOnlyList<double?> Scores)
{
    internal static CurveDto Of(RequestedPart hit, HitCurve curve)
        => new(hit.VideoId, hit.Start, hit.End, curve.From, curve.Step, curve.Scores);
}

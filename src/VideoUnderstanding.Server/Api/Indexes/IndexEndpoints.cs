using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing.Switching;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Indexes;

public static class IndexEndpoints
{
    public static void MapIndexes(this RouteGroupBuilder v11)
    {
        var indexes = v11.MapGroup("/indexes").WithTags("Indexes");
        indexes.MapPost("/", CreateIndexAsync);
        indexes.MapGet("/", ListIndexesAsync);
        indexes.MapGet("/{indexId}", RetrieveIndexAsync);
        indexes.MapPut("/{indexId}", UpdateIndexAsync);
        indexes.MapDelete("/{indexId}", DeleteIndexAsync);
    }

    private static async Task<Created<CreatedIdResponse>> CreateIndexAsync(
        JsonBody<CreateIndexRequest> body, Caller caller, VideoDbContext db, NewIndexModels models, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var (request, now) = (body.Value, clock.GetUtcNow());
        var index = new VideoIndex
        {
            Id = ObjectIds.New(clock),
            AccountId = caller.AccountId,
            Name = request.IndexName!,
            EngineId = request.EngineId!,
            Options = request.EffectiveOptions(),
            Addons = [.. request.Addons ?? []],
            CreatedAt = now,
            UpdatedAt = now,
        };
        db.Indexes.Add(index);
        await SaveNameAsync(db, index.Name, cancellationToken);
        await models.ApplyAsync(index, cancellationToken);
        return TypedResults.Created((string?)null, new CreatedIdResponse(index.Id));
    }

    private static async Task<Ok<ListResponse<IndexResponse>>> ListIndexesAsync(
        HttpRequest request, Caller caller, VideoDbContext db, CancellationToken cancellationToken)
    {
        var indexes = db.Indexes.AsNoTracking().OwnedBy(caller.AccountId);
        if (string.IsNullOrEmpty(request.Query[IndexList.Deleted]))
            indexes = indexes.Live();
        var (rows, info) = await ListQuery<VideoIndex>.Read(request.Query, IndexList.Table).RunAsync(indexes, cancellationToken);
        var totals = await IndexTotals.ReadAsync(db, [.. rows.Select(index => index.Id)], cancellationToken);
        return TypedResults.Ok(
            new ListResponse<IndexResponse>([.. rows.Select(index => IndexResponse.From(index, totals.GetValueOrDefault(index.Id)))],
                info));
    }

    /// <summary>Also returns deleted indexes, with <c>deleted</c> true.</summary>
    private static async Task<Results<Ok<IndexResponse>, ApiError>> RetrieveIndexAsync(
        string indexId, Caller caller, VideoDbContext db, CancellationToken cancellationToken)
    {
        Identifier.Require("index-id", indexId);
        if (await db.Indexes.AsNoTracking().OwnedBy(caller.AccountId)
            .SingleOrDefaultAsync(row => row.Id == indexId, cancellationToken) is not { } index)
            return ApiError.NotFound("indexes", indexId);
        var totals = await IndexTotals.ReadAsync(db, [index.Id], cancellationToken);
        return TypedResults.Ok(IndexResponse.From(index, totals.GetValueOrDefault(index.Id)));
    }

    private static async Task<Ok> UpdateIndexAsync(
        LiveIndex index, JsonBody<UpdateIndexRequest> body, VideoDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        index.Row.Name = body.Value.IndexName!;
        index.Row.UpdatedAt = clock.GetUtcNow();
        await SaveNameAsync(db, index.Row.Name, cancellationToken);
        return TypedResults.Ok();
    }

    private static async Task<Results<NoContent, ApiError>> DeleteIndexAsync(
        string indexId, Caller caller, VideoDbContext db, Removals removals, CancellationToken cancellationToken)
    {
        Identifier.Require("index-id", indexId);
        if (!await db.Indexes.OwnedBy(caller.AccountId).AnyAsync(index => index.Id == indexId, cancellationToken))
            return ApiError.NotFound("indexes", indexId);
        await removals.RemoveIndexAsync(indexId, CancellationToken.None);
        return TypedResults.NoContent();
    }

    /// <summary>A unique constraint of the database rejects a duplicate name, also for concurrent requests.</summary>
    /// <exception cref="ApiException">Another index has the name.</exception>
    private static async Task SaveNameAsync(VideoDbContext db, string name, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException failure) when (UniqueNames.IsIndexNameTaken(failure))
        {
            throw new ApiException(ApiError.IndexNameTaken(name));
        }
    }
}

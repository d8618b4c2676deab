using Hangfire;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Integrations;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;
using VideoUnderstanding.Server.Limits;

namespace VideoUnderstanding.Server.Integrations;

/// <summary>The integrations of an account, for its users and API keys. docs/integrations.md.</summary>
internal static class IntegrationEndpoints
{
    /// <summary>Files per page.</summary>
    private const int PageSize = 100;

    public static void MapIntegrations(this RouteGroupBuilder app)
    {
        var integrations = app.MapGroup("/integrations").WithMetadata(new ApiKeyRequired());
        integrations.MapGet("/", ListIntegrationsAsync);
        integrations.MapPost("/", CreateIntegrationAsync).WithMetadata(new CostlyRequest());
        integrations.MapGet("/{integrationId}", RetrieveIntegrationAsync);
        integrations.MapPut("/{integrationId}", UpdateIntegrationAsync).WithMetadata(new CostlyRequest());
        integrations.MapDelete("/{integrationId}", DeleteIntegrationAsync);
        integrations.MapGet("/{integrationId}/files", ListFilesAsync);
        integrations.MapGet("/{integrationId}/transfer-file", DownloadTransferFileAsync).WithMetadata(new CostlyRequest());
        integrations.MapPost("/{integrationId}/verify", VerifyIntegrationAsync).WithMetadata(new CostlyRequest());
        integrations.MapPost("/{integrationId}/sync", SynchroniseIntegrationAsync).WithMetadata(new CostlyRequest());
        integrations.MapPost("/{integrationId}/transfer", StartTransferAsync).WithMetadata(new CostlyRequest());
    }

    private static async Task<Ok<IntegrationListResponse>> ListIntegrationsAsync(Caller caller, SessionUser? user, IntegrationStore store,
        IntegrationFiles files, IOptions<IntegrationOptions> options, CancellationToken cancellationToken)
    {
        var rows = await store.ListAsync(caller.AccountId, cancellationToken);
        var counts = await files.CountAsync([.. rows.Select(row => row.Id)], cancellationToken);
        return TypedResults.Ok(new IntegrationListResponse([.. rows.Select(row => IntegrationDto.From(row, counts[row.Id]))],
            user?.Row.Role == UserRole.Administrator ? [.. options.Value.Folders] : null));
    }

    /// <summary>Also verifies the integration, so that the response contains the result.</summary>
    private static async Task<Results<Created<IntegrationDto>, ApiError>> CreateIntegrationAsync(
        JsonBody<IntegrationRequest> body, Caller caller, SessionUser? user, IntegrationForms forms, IntegrationStore store,
        IntegrationViews views, CancellationToken cancellationToken)
    {
        var integration = await forms.NewAsync(body.Value, caller, user, cancellationToken);
        try
        {
            if (!await store.AddAsync(integration, cancellationToken))
                return ApiError.UsageLimit($"An account can have {store.Limit} integrations. Please remove one and try again.");
        }
        catch (DbUpdateException failure) when (UniqueNames.IsIntegrationTaken(failure))
        {
            return ApiError.IntegrationTaken();
        }
        return TypedResults.Created((string?)null, await views.VerifyAsync(integration, cancellationToken));
    }

    private static async Task<Ok<IntegrationDto>> RetrieveIntegrationAsync(
        OwnedIntegration integration, IntegrationViews views, CancellationToken cancellationToken)
        => TypedResults.Ok(await views.ShowAsync(integration.Row, cancellationToken));

    private static async Task<Results<Ok<IntegrationDto>, ApiError>> UpdateIntegrationAsync(
        OwnedIntegration integration, JsonBody<IntegrationRequest> body, SessionUser? user, IntegrationForms forms, IntegrationStore store,
        IntegrationViews views, CancellationToken cancellationToken)
    {
        await forms.ApplyAsync(body.Value, integration.Row, user, cancellationToken);
        try
        {
            if (!await store.ChangeAsync(integration.Row, cancellationToken))
                return ApiError.NotFound(OwnedIntegration.Collection, integration.Row.Id);
        }
        catch (DbUpdateException failure) when (UniqueNames.IsIntegrationTaken(failure))
        {
            return ApiError.IntegrationTaken();
        }
        return TypedResults.Ok(await views.VerifyAsync(integration.Row, cancellationToken));
    }

    private static async Task<NoContent> DeleteIntegrationAsync(
        OwnedIntegration integration, IntegrationStore store, CancellationToken cancellationToken)
    {
        await store.RemoveAsync(integration.Row, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<IntegrationFileListResponse>> ListFilesAsync(OwnedIntegration integration, HttpRequest request,
        IntegrationFiles files, TimeProvider clock, CancellationToken cancellationToken)
    {
        var state = request.Query["state"].ToString();
        if (state.Length > 0 && !FileStates.All.Contains(state))
            throw new ApiException(ApiError.Invalid("state", $"It must be one of the following: {string.Join(", ", FileStates.All)}."));
        var found = await files.ListAsync(integration.Row.Id, state.Length > 0 ? [state] : FileStates.All,
            request.Query["after"].ToString().Replace("\0", "", StringComparison.Ordinal), clock.GetUtcNow(), PageSize + 1,
            cancellationToken);
        return TypedResults.Ok(new IntegrationFileListResponse([.. found.Take(PageSize).Select(IntegrationFileDto.From)],
            found.Count > PageSize ? found[PageSize - 1].Address : null));
    }

    private static async Task<Results<FileContentHttpResult, ApiError>> DownloadTransferFileAsync(
        OwnedIntegration integration, HttpRequest request, IntegrationScanner scanner, IntegrationTransfers transfers,
        CancellationToken cancellationToken)
    {
        string? QueryValue(string name) => request.Query[name].ToString() is { Length: > 0 } value ? value : null;
        var indexId = QueryValue("index_id") is { } id ? Identifier.Require("index_id", id) : null;
        if (QueryValue("files") is { } wanted and not ("new" or "all"))
            return ApiError.Invalid("files", $"It must be new or all, and is {wanted}.");
        if (await scanner.SynchroniseAsync(integration.Row, cancellationToken) is { } reason)
            return ApiError.IntegrationFailed(reason);
        var content = await transfers.WriteAsync(
            integration.Row, indexId, QueryValue("language"), QueryValue("files") == "all", cancellationToken);
        return TypedResults.File(content, "application/json", $"transfer-{integration.Row.Id}.json");
    }

    private static async Task<Ok<IntegrationDto>> VerifyIntegrationAsync(
        OwnedIntegration integration, IntegrationViews views, CancellationToken cancellationToken)
        => TypedResults.Ok(await views.VerifyAsync(integration.Row, cancellationToken));

    private static async Task<Accepted<IntegrationDto>> SynchroniseIntegrationAsync(OwnedIntegration integration, IntegrationStore store,
        IntegrationViews views, IBackgroundJobClient jobs, CancellationToken cancellationToken)
    {
        var id = integration.Row.Id;
        await store.RequestSyncAsync(id, cancellationToken);
        jobs.Enqueue<SynchroniseIntegrationJob>(job => job.RunAsync(id, CancellationToken.None));
        return TypedResults.Accepted((string?)null, await views.ShowAsync(integration.Row, cancellationToken));
    }

    private static async Task<Results<Ok<StartTransferResponse>, ApiError>> StartTransferAsync(
        OwnedIntegration integration, JsonBody<StartTransferRequest> body, Caller caller, IntegrationScanner scanner,
        IntegrationTransfers transfers, IntegrationFiles files, CancellationToken cancellationToken)
    {
        if (await scanner.SynchroniseAsync(integration.Row, cancellationToken) is { } reason)
            return ApiError.IntegrationFailed(reason);
        var started = await transfers.StartAsync(integration.Row, body.Value, TimeSpan.Zero, int.MaxValue, caller, cancellationToken);
        var counts = FileCountsDto.From([.. (await files.CountAsync([integration.Row.Id], cancellationToken))[integration.Row.Id]]);
        return TypedResults.Ok(
            new StartTransferResponse(started, counts.New + (body.Value.Again == true ? counts.Failed + counts.Removed : 0)));
    }
}

/// <summary>The integration in the path, if it belongs to the caller's account.</summary>
public sealed record OwnedIntegration(Integration Row)
{
    public const string Collection = "integrations";

    /// <exception cref="ApiException">Malformed identifier, or no such integration.</exception>
    public static async ValueTask<OwnedIntegration?> BindAsync(HttpContext context)
    {
        var id = Identifier.FromRoute(context, "integrationId", "integration-id");
        var store = context.RequestServices.GetRequiredService<IntegrationStore>();
        return await store.FindAsync(context.Features.GetRequiredFeature<Caller>().AccountId, id, context.RequestAborted) is { } row
            ? new OwnedIntegration(row)
            : throw new ApiException(ApiError.NotFound(Collection, id));
    }
}

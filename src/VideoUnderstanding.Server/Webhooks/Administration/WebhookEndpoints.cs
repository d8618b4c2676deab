using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Webhooks;
using VideoUnderstanding.Indexing.Webhooks;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Webhooks.Administration;

/// <summary>The administration API of webhooks, an extension to version 1.1. It uses the keys and errors of v1.1.
/// docs/webhooks.md.</summary>
public static class WebhookRoutes
{
    public static void MapWebhooks(this WebApplication app)
    {
        var webhooks = app.MapGroup("/admin/webhooks").WithTags("Webhooks").WithMetadata(new ApiKeyRequired());
        webhooks.MapWebhookEndpoints();
        webhooks.MapWebhookEvents();
    }
}

public static class WebhookEndpoints
{
    public static void MapWebhookEndpoints(this RouteGroupBuilder webhooks)
    {
        webhooks.MapPost("/", CreateWebhookAsync);
        webhooks.MapGet("/", ListWebhooksAsync);
        webhooks.MapGet("/{webhookId}", RetrieveWebhook);
        webhooks.MapPut("/{webhookId}", UpdateWebhookAsync);
        webhooks.MapDelete("/{webhookId}", DeleteWebhookAsync);
        webhooks.MapGet("/{webhookId}/secret", RetrieveSecret);
        webhooks.MapPost("/{webhookId}/rotate", RotateSecretAsync);
        webhooks.MapGet("/{webhookId}/attempts", ListAttemptsAsync);
    }

    private static async Task<Results<Created<WebhookSecretResponse>, ApiError>> CreateWebhookAsync(
        JsonBody<CreateWebhookRequest> body, Caller caller, WebhookRegistry registry, WebhookAddress address,
        CancellationToken cancellationToken)
    {
        var request = body.Value;
        if (address.Check(request.Url!) is { } why)
            return ApiError.Invalid("url", why);
        return await registry.AddAsync(caller.AccountId, request.Url!, request.Events, request.Enabled ?? true, cancellationToken)
            is { } endpoint
            ? TypedResults.Created((string?)null, WebhookSecretResponse.From(endpoint))
            : ApiError.UsageLimit($"An account can have {registry.Limit} webhooks. Please remove one and try again.");
    }

    private static async Task<Ok<ListResponse<WebhookResponse>>> ListWebhooksAsync(
        HttpRequest request, Caller caller, VideoDbContext db, CancellationToken cancellationToken)
    {
        var endpoints = db.WebhookEndpoints.AsNoTracking().OwnedBy(caller.AccountId);
        var (rows, info) = await ListQuery<WebhookEndpoint>.Read(request.Query, WebhookLists.Endpoints)
            .RunAsync(endpoints, cancellationToken);
        return TypedResults.Ok(new ListResponse<WebhookResponse>([.. rows.Select(WebhookResponse.From)], info));
    }

    private static Ok<WebhookResponse> RetrieveWebhook(OwnedWebhook webhook) => TypedResults.Ok(WebhookResponse.From(webhook.Row));

    private static async Task<Results<Ok<WebhookResponse>, ApiError>> UpdateWebhookAsync(
        OwnedWebhook webhook, JsonBody<UpdateWebhookRequest> body, WebhookRegistry registry, WebhookAddress address,
        CancellationToken cancellationToken)
    {
        var request = body.Value;
        if (request.Url is { } url && address.Check(url) is { } why)
            return ApiError.Invalid("url", why);
        return await registry.ChangeAsync(webhook.Row, request.Url, request.Events, request.Enabled, cancellationToken) is { } changed
            ? TypedResults.Ok(WebhookResponse.From(changed))
            : ApiError.NotFound(OwnedWebhook.Collection, webhook.Row.Id);
    }

    private static async Task<NoContent> DeleteWebhookAsync(
        OwnedWebhook webhook, WebhookRegistry registry, CancellationToken cancellationToken)
    {
        await registry.RemoveAsync(webhook.Row, cancellationToken);
        return TypedResults.NoContent();
    }

    private static Ok<WebhookSecretResponse> RetrieveSecret(OwnedWebhook webhook)
        => TypedResults.Ok(WebhookSecretResponse.From(webhook.Row));

    private static async Task<Results<Ok<WebhookSecretResponse>, ApiError>> RotateSecretAsync(
        OwnedWebhook webhook, WebhookRegistry registry, CancellationToken cancellationToken)
        => await registry.RotateAsync(webhook.Row, cancellationToken) is { } rotated
            ? TypedResults.Ok(WebhookSecretResponse.From(rotated))
            : ApiError.NotFound(OwnedWebhook.Collection, webhook.Row.Id);

    private static async Task<Ok<ListResponse<WebhookAttemptResponse>>> ListAttemptsAsync(
        HttpRequest request, OwnedWebhook webhook, WebhookRegistry registry, CancellationToken cancellationToken)
    {
        var attempts = registry.Attempts(webhook.Row.AccountId).Where(attempt => attempt.EndpointId == webhook.Row.Id);
        var (rows, info) = await ListQuery<WebhookAttempt>.Read(request.Query, WebhookLists.Attempts).RunAsync(attempts, cancellationToken);
        return TypedResults.Ok(new ListResponse<WebhookAttemptResponse>([.. rows.Select(WebhookAttemptResponse.From)], info));
    }
}

/// <summary>The webhook in the path, if it belongs to the caller's account.</summary>
public sealed record OwnedWebhook(WebhookEndpoint Row)
{
    public const string Collection = "webhooks";

    /// <exception cref="ApiException">Malformed identifier, or no such webhook.</exception>
    public static async ValueTask<OwnedWebhook?> BindAsync(HttpContext context)
    {
        var id = Identifier.FromRoute(context, "webhookId", "webhook-id");
        var (registry, caller) = (context.RequestServices.GetRequiredService<WebhookRegistry>(),
            context.Features.GetRequiredFeature<Caller>());
        return await registry.FindAsync(caller.AccountId, id, context.RequestAborted) is { } endpoint
            ? new OwnedWebhook(endpoint)
            : throw new ApiException(ApiError.NotFound(Collection, id));
    }
}

using Microsoft.AspNetCore.Http.Features;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Webhooks;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Webhooks.Administration;

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

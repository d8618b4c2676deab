using VideoUnderstanding.Server.Auth;

namespace VideoUnderstanding.Server.Webhooks.Administration;

/// <summary>The administration API of webhooks. Version 1.1 has none, so it stands beside it; keys and errors are the same.
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

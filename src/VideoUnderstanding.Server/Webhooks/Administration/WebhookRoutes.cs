using VideoUnderstanding.Server.Auth;

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

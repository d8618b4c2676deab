using Microsoft.AspNetCore.Http.HttpResults;
using VideoUnderstanding.Data.Webhooks;
using VideoUnderstanding.Server.Api.Tasks;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;
using VideoUnderstanding.Server.Webhooks;
using VideoUnderstanding.Server.Webhooks.Administration;

namespace VideoUnderstanding.Server.App;

/// <summary>What the buttons "Try again" and "Send a test" need.</summary>
internal static class WorkEndpoints
{
    public static void MapWork(this RouteGroupBuilder app)
    {
        app.MapGet("/tasks/{taskId}/source", RetrieveSource).WithMetadata(new SessionRequired());
        app.MapPost("/webhooks/{webhookId}/test", TestWebhookAsync).WithMetadata(new SessionRequired());
    }

    private static Ok<TaskSourceResponse> RetrieveSource(OwnedTask task) => TypedResults.Ok(new TaskSourceResponse(task.Row.VideoUrl));

    private static async Task<Results<Accepted<WebhookTestResponse>, ApiError>> TestWebhookAsync(
        OwnedWebhook webhook, WebhookRegistry registry, WebhookQueue queue, CancellationToken cancellationToken)
    {
        var id = webhook.Row.Id;
        if (!webhook.Row.Enabled)
            return ApiError.Invalid("webhook-id", "The webhook is disabled. Please enable it and try again.");
        if (await registry.CountTestsAsync(webhook.Row, cancellationToken) >= WebhookRegistry.MaxTestsPerHour)
            return ApiError.UsageLimit(
                $"A webhook can be tested {WebhookRegistry.MaxTestsPerHour} times in an hour. Please try again later.");
        if (await registry.TestAsync(webhook.Row, cancellationToken) is not var (eventId, deliveryId))
            return ApiError.NotFound(OwnedWebhook.Collection, id);
        queue.Enqueue(deliveryId);
        return TypedResults.Accepted((string?)null, new WebhookTestResponse(eventId));
    }
}

/// <param name="VideoUrl">The address that the video was fetched from; left out for an uploaded file.</param>
public sealed record TaskSourceResponse(string? VideoUrl);

/// <param name="EventId">What the log calls the test.</param>
public sealed record WebhookTestResponse(string EventId);

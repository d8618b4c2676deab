namespace VideoUnderstanding.Server.Webhooks;

public static class WebhookServices
{
    /// <summary>Registers the sending of webhooks. Requires the services of Data and Indexing, and the job queue.</summary>
    public static IHostApplicationBuilder AddWebhooks(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<WebhookSender>();
        builder.Services.AddSingleton<WebhookQueue>();
        builder.Services.AddScoped<DueDeliveries>();
        builder.Services.AddScoped<DeliveryAttempt>();
        builder.Services.AddScoped<WebhookCleanup>();
        return builder;
    }
}

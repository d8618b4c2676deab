namespace VideoUnderstanding.Server.Webhooks;

public static class WebhookServices
{
    /// <summary>Needs the data and the guarded connections of indexing. Sending, as opposed to managing, also needs the queue.</summary>
    public static IHostApplicationBuilder AddWebhooks(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<WebhookSender>();
        builder.Services.AddSingleton<WebhookQueue>();
        builder.Services.AddScoped<DueDeliveries>();
        builder.Services.AddScoped<DeliveryTry>();
        builder.Services.AddScoped<WebhookUpkeep>();
        return builder;
    }
}

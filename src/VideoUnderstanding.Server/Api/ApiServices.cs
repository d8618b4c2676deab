using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Server.Api.Classify;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Search;
using VideoUnderstanding.Server.Api.Tasks;
using VideoUnderstanding.Server.Api.Tasks.Uploads;
using VideoUnderstanding.Server.Api.Transfers;
using VideoUnderstanding.Server.Api.Videos;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;
using VideoUnderstanding.Server.Headers;
using VideoUnderstanding.Server.Limits;

namespace VideoUnderstanding.Server.Api;

/// <summary>What the API needs of the host: registrations and the order of the middleware.</summary>
public static class ApiServices
{
    /// <summary>Bytes of a request body. Uploads lift this for themselves and count on their own.</summary>
    private const long MaxBodyBytes = 1024 * 1024;

    /// <summary>Slower senders than this, after a time to get going, are cut off.</summary>
    private static readonly MinDataRate SlowestBody = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));

    public static IHostApplicationBuilder AddApi(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<PublicAddressOptions>().BindConfiguration(PublicAddressOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.ConfigureHttpJsonOptions(json => WireJson.Configure(json.SerializerOptions));
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Limits.MinRequestBodyDataRate = SlowestBody;
        });
        builder.Services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<ProxyOptions>().BindConfiguration(ProxyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<RateLimits>();
        builder.Services.AddSingleton<ThumbnailLinks>();
        builder.Services.AddSingleton<ThumbnailFiles>();
        builder.Services.AddSingleton<UploadedFiles>();
        builder.Services.AddScoped<UploadChecks>();
        builder.Services.AddScoped<NewTaskRows>();
        builder.Services.AddScoped<NewTasks>();
        builder.Services.AddScoped<TransferChecks>();
        builder.Services.AddScoped<NewTransfers>();
        builder.Services.AddScoped<SearchRun>();
        builder.Services.AddScoped<ClassifyRun>();
        return builder;
    }

    /// <summary>The order matters: headers and errors outermost, then where the request came from, then routing, then the key, which needs to know the endpoint.</summary>
    public static WebApplication UseApi(this WebApplication app)
    {
        app.UseMiddleware<StrictHeaders>();
        app.UseMiddleware<ApiAnswers>();
        // Without a network to trust the middleware would believe everybody.
        if (app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value is { TrustedNetworks.Count: > 0 } proxy)
            app.UseForwardedHeaders(proxy.Forwarding());
        app.UseRouting();
        app.UseMiddleware<ApiKeyCheck>();
        return app;
    }
}

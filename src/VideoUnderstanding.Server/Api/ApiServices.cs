using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Server.Api.Classify;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Search;
using VideoUnderstanding.Server.Api.Streams;
using VideoUnderstanding.Server.Api.Tasks;
using VideoUnderstanding.Server.Api.Tasks.Uploads;
using VideoUnderstanding.Server.Api.Transfers;
using VideoUnderstanding.Server.Api.Videos;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;
using VideoUnderstanding.Server.Headers;
using VideoUnderstanding.Server.Limits;
using VideoUnderstanding.Server.Telemetry;

namespace VideoUnderstanding.Server.Api;

/// <summary>Registers the services of the API and adds its middleware.</summary>
public static class ApiServices
{
    /// <summary>Minimum upload rate. A slower connection is closed after the grace period.</summary>
    private static readonly MinDataRate MinBodyRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));

    public static IHostApplicationBuilder AddApi(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<PublicAddressOptions>().BindConfiguration(PublicAddressOptions.Section).ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.ConfigureHttpJsonOptions(json => WireJson.Configure(json.SerializerOptions));
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Upload endpoints remove this limit and count the bytes themselves.
            kestrel.Limits.MaxRequestBodySize = CompressedBody.MaxBytes;
            kestrel.Limits.MinRequestBodyDataRate = MinBodyRate;
        });
        builder.Services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section).ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddOptions<ProxyOptions>().BindConfiguration(ProxyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<CrossOriginOptions>().Configure<IConfiguration>((options, configuration) => options.AllowedOrigins
            = CrossOriginOptions.Read(configuration.GetSection($"{CrossOriginOptions.Section}:{nameof(options.AllowedOrigins)}")))
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<CrossOriginOptions>, CrossOriginOptionsValidator>();
        builder.Services.AddCors();
        builder.Services.AddSingleton<DatabaseOutage>();
        builder.Services.AddSingleton<FailureErrors>();
        builder.Services.AddSingleton<RateLimits>();
        builder.Services.AddSingleton<ThumbnailLinks>();
        builder.Services.AddSingleton<ThumbnailFiles>();
        builder.Services.AddOptions<StreamingOptions>().BindConfiguration(StreamingOptions.Section).ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<StreamLinks>();
        builder.Services.AddSingleton<StreamCache>();
        builder.Services.AddSingleton<VideoStreams>();
        builder.Services.AddScoped<SignedVideos>();
        builder.Services.AddSingleton<UploadedFiles>();
        builder.Services.AddScoped<UploadChecks>();
        builder.Services.AddScoped<TaskRowWriter>();
        builder.Services.AddScoped<TaskCreator>();
        builder.Services.AddScoped<TransferChecks>();
        builder.Services.AddScoped<TransferCreator>();
        builder.Services.AddScoped<SearchRun>();
        builder.Services.AddScoped<PictureSearchRun>();
        builder.Services.AddScoped<ClassifyRun>();
        return builder;
    }

    /// <summary>Adds the middleware in this order: request log, headers and errors; forwarded headers; routing; CORS, because preflight
    /// requests have no key; then the checks of key and session, which need the endpoint.</summary>
    public static WebApplication UseApi(this WebApplication app)
    {
        app.UseRequestLog();
        app.UseMiddleware<StrictHeaders>();
        app.UseMiddleware<ApiErrorMiddleware>();
        // With an empty list of trusted networks, the middleware would accept forwarded headers from every client.
        if (app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value is { TrustedNetworks.Count: > 0 } proxy)
            app.UseForwardedHeaders(proxy.Forwarding());
        app.UseRoutingWithHead();
        if (app.Services.GetRequiredService<IOptions<CrossOriginOptions>>().Value.Policy() is { } cors)
            app.UseWhen(context => !context.Request.Path.StartsWithSegments("/app"),
                branch => branch.UseMiddleware<CorsMiddleware>(cors));
        app.UseMiddleware<ApiKeyCheck>();
        app.UseMiddleware<SessionCheck>();
        return app;
    }
}

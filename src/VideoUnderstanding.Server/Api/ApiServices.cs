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

/// <summary>What the API needs of the host: registrations and the order of the middleware.</summary>
public static class ApiServices
{
    /// <summary>Slower senders than this, after a time to get going, are cut off.</summary>
    private static readonly MinDataRate SlowestBody = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));

    public static IHostApplicationBuilder AddApi(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<PublicAddressOptions>().BindConfiguration(PublicAddressOptions.Section).ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.ConfigureHttpJsonOptions(json => WireJson.Configure(json.SerializerOptions));
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Uploads lift this for themselves and count on their own.
            kestrel.Limits.MaxRequestBodySize = PackedBody.MaxBytes;
            kestrel.Limits.MinRequestBodyDataRate = SlowestBody;
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
        builder.Services.AddScoped<NewTaskRows>();
        builder.Services.AddScoped<NewTasks>();
        builder.Services.AddScoped<TransferChecks>();
        builder.Services.AddScoped<NewTransfers>();
        builder.Services.AddScoped<SearchRun>();
        builder.Services.AddScoped<ClassifyRun>();
        return builder;
    }

    /// <summary>The order matters: the log, headers and errors outermost, then where the request came from, then routing, then preflight
    /// requests, which have no key, then the key or session, which need to know the endpoint.</summary>
    public static WebApplication UseApi(this WebApplication app)
    {
        app.UseRequestLog();
        app.UseMiddleware<StrictHeaders>();
        app.UseMiddleware<ApiAnswers>();
        // Without a network to trust the middleware would believe everybody.
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

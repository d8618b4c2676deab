using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Operations.Users;
using VideoUnderstanding.Server.App.Clips;
using VideoUnderstanding.Server.App.Curves;
using VideoUnderstanding.Server.App.Keys;
using VideoUnderstanding.Server.App.Operator;
using VideoUnderstanding.Server.App.Progress;
using VideoUnderstanding.Server.App.Sessions;
using VideoUnderstanding.Server.App.Users;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Integrations;

namespace VideoUnderstanding.Server.App;

/// <summary>Registers the web app: its files, its sessions, and its API beside v1.1. docs/web-app.md.</summary>
public static class AppSetup
{
    /// <summary>Logger that warns about unencrypted keys. The warning is suppressed, because the database is protected like the data
    /// folder.</summary>
    private const string KeyLog = "Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager";

    public static IHostApplicationBuilder AddWebApp(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddFilter(KeyLog, LogLevel.Error);
        var services = builder.Services;
        services.AddOptions<AppOptions>().BindConfiguration(AppOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<JoinedClipOptions>().BindConfiguration(JoinedClipOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ClipJoining>();
        services.AddScoped<CurveRun>();
        services.AddScoped<UserStore>();
        services.AddSingleton<TaskFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<TaskFeed>());
        services.AddSingleton<SetupLink>();
        services.AddSingleton<SignInLimit>();
        services.AddDataProtection().SetApplicationName("VideoUnderstanding");
        services.AddIntegrations();
        services.AddSingleton<CookieKeys>();
        services.AddOptions<KeyManagementOptions>().Configure<CookieKeys>((keys, repository) => keys.XmlRepository = repository);
        services.AddAntiforgery(antiforgery =>
        {
            Protect(antiforgery.Cookie, "vu-form");
            // The token is sent in a header only, so that upload bodies are not read for it.
            antiforgery.SuppressReadingTokenFromFormBody = true;
        });
        services.AddAuthentication().AddCookie(SessionCookie.Scheme, cookie =>
        {
            Protect(cookie.Cookie, SessionCookie.Name);
            cookie.SlidingExpiration = true;
        });
        services.AddOptions<CookieAuthenticationOptions>(SessionCookie.Scheme)
            .Configure<IOptions<AppOptions>>((cookie, app) => cookie.ExpireTimeSpan = TimeSpan.FromMinutes(app.Value.SessionMinutes));
        return builder;
    }

    public static void MapWebApp(this WebApplication app)
    {
        var api = app.MapGroup("/app").WithTags("App");
        api.MapSessions();
        api.MapKeys();
        api.MapIntegrations();
        api.MapUsers();
        api.MapGet("/server", ServerEndpoint.RetrieveServerAsync).WithMetadata(new SessionRequired(AdministratorOnly: true));
        api.MapGet("/server/activity", ServerEndpoint.ListActivityAsync).WithMetadata(new SessionRequired(AdministratorOnly: true));
        api.MapVideoViews();
        api.MapClips();
        api.MapCurves();
        api.MapTaskEvents();
        app.MapJobPages();
        app.MapAppFiles();
    }

    /// <summary>Hides the cookie from scripts and from requests of other sites, and restricts it to TLS if the response uses TLS.</summary>
    private static void Protect(CookieBuilder cookie, string name)
    {
        cookie.Name = name;
        cookie.Path = "/";
        cookie.HttpOnly = true;
        cookie.SameSite = SameSiteMode.Strict;
        cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.IsEssential = true;
    }
}

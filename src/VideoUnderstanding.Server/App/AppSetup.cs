using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Operations.Users;
using VideoUnderstanding.Server.App.Keys;
using VideoUnderstanding.Server.App.Operator;
using VideoUnderstanding.Server.App.Sessions;
using VideoUnderstanding.Server.App.Users;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Integrations;

namespace VideoUnderstanding.Server.App;

/// <summary>The web app: its files, its sessions, and the API that it uses beside v1.1. docs/web-app.md.</summary>
public static class AppSetup
{
    /// <summary>Its warning that the keys are not encrypted at rest is left out: the database is as private as the data folder.</summary>
    private const string KeyLog = "Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager";

    public static IHostApplicationBuilder AddWebApp(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddFilter(KeyLog, LogLevel.Error);
        var services = builder.Services;
        services.AddOptions<AppOptions>().BindConfiguration(AppOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<UserStore>();
        services.AddSingleton<SetupLink>();
        services.AddSingleton<SignInLimit>();
        services.AddDataProtection().SetApplicationName("VideoUnderstanding");
        services.AddIntegrations();
        services.AddSingleton<CookieKeys>();
        services.AddOptions<KeyManagementOptions>().Configure<CookieKeys>((keys, repository) => keys.XmlRepository = repository);
        services.AddAntiforgery(antiforgery =>
        {
            Protect(antiforgery.Cookie, "vu-form");
            // Only the header counts: the body of an upload must not be read for a token.
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
        api.MapVideoViews();
        api.MapTaskSource();
        app.MapJobPages();
        app.MapAppFiles();
    }

    /// <summary>Scripts cannot read the cookie, other sites cannot send it, and over TLS it stays within TLS.</summary>
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

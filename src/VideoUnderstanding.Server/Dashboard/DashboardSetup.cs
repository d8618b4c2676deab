using Hangfire;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.Server.Dashboard;

/// <summary>The pages for the operator, and Hangfire's own beside them. docs/administration.md.</summary>
public static class DashboardSetup
{
    private const string StyleResource = "VideoUnderstanding.Server.Dashboard.style.css";

    /// <summary>It warns that its keys are not encrypted at rest. So is everything in the data folder; the files are closed to others.</summary>
    private const string KeyLog = "Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager";

    public static IHostApplicationBuilder AddDashboard(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddFilter(KeyLog, LogLevel.Error);
        var services = builder.Services;
        services.AddOptions<DashboardOptions>().BindConfiguration(DashboardOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<DashboardPassword>();
        services.AddSingleton<LoginLimit>();
        services.AddDataProtection().SetApplicationName("VideoUnderstanding");
        services.AddOptions<KeyManagementOptions>().Configure<StoredFiles>((keys, files) => keys.XmlRepository = new LoginKeys(Path.Combine(files.Root, "dashboard-keys")));
        services.AddAntiforgery(antiforgery => Seal(antiforgery.Cookie, "vu-form"));
        services.AddAuthentication().AddCookie(DashboardDoor.Scheme, cookie =>
        {
            Seal(cookie.Cookie, "vu-dashboard");
            cookie.SlidingExpiration = true;
            cookie.LoginPath = DashboardDoor.LoginPath;
            cookie.Events.OnValidatePrincipal = DashboardDoor.CheckStampAsync;
        });
        services.AddOptions<Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationOptions>(DashboardDoor.Scheme)
            .Configure<IOptions<DashboardOptions>>((cookie, dashboard) => cookie.ExpireTimeSpan = TimeSpan.FromMinutes(dashboard.Value.SessionMinutes));
        return builder;
    }

    public static void MapDashboard(this WebApplication app)
    {
        app.UseMiddleware<DashboardDoor>();
        var dashboard = app.MapGroup(DashboardDoor.Root);
        dashboard.MapGet("/", OverviewEndpoint.ShowAsync);
        dashboard.MapGet("/style.css", () => Results.Stream(typeof(DashboardSetup).Assembly.GetManifestResourceStream(StyleResource)!, "text/css; charset=utf-8"));
        dashboard.MapLogin();
        app.MapJobs();
    }

    /// <summary>Not by Hangfire's own mapping: that opens its storage while the server is put together, before anybody has waited for the database. A storage that finds none tries for half a
    /// minute, and then stays without its tables.</summary>
    private static void MapJobs(this WebApplication app)
    {
        // A failure is not kept.
        var pages = new Lazy<RequestDelegate>(() => JobPages(app), LazyThreadSafetyMode.PublicationOnly);
        app.Map($"{DashboardDoor.Root}/jobs/{{**page}}", context => pages.Value(context));
    }

    private static RequestDelegate JobPages(IApplicationBuilder app)
    {
        var pages = app.New();
        pages.Use(next => context =>
        {
            // What Hangfire does not know is to end as an unknown route.
            context.SetEndpoint(null);
            return next(context);
        });
        pages.UseHangfireDashboard($"{DashboardDoor.Root}/jobs", new Hangfire.DashboardOptions
        {
            AppPath = DashboardDoor.Root,
            Authorization = [new LoggedInOnly()],
            DashboardTitle = "Jobs",
            // What jobs were called with is identifiers; the connection string is nobody's business.
            DisplayStorageConnectionString = false,
        });
        return pages.Build();
    }

    /// <summary>No script reads them, no other site sends them, and over TLS they stay within TLS.</summary>
    private static void Seal(CookieBuilder cookie, string name)
    {
        cookie.Name = name;
        cookie.Path = DashboardDoor.Root;
        cookie.HttpOnly = true;
        cookie.SameSite = SameSiteMode.Strict;
        cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.IsEssential = true;
    }
}

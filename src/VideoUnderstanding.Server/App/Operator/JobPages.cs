using Hangfire;
using Hangfire.Dashboard;
using VideoUnderstanding.Server.Auth;

namespace VideoUnderstanding.Server.App.Operator;

/// <summary>The Hangfire dashboard, for administrators.</summary>
internal static class JobPages
{
    public const string Root = "/app/jobs";

    /// <summary>Maps the dashboard lazily. Hangfire's own mapping opens the storage while the application is built, before the server has
    /// waited for the database; without a database the storage retries for 30 seconds and then has no tables.</summary>
    public static void MapJobPages(this WebApplication app)
    {
        // PublicationOnly does not cache exceptions.
        var pages = new Lazy<RequestDelegate>(() => Build(app), LazyThreadSafetyMode.PublicationOnly);
        app.Map($"{Root}/{{**page}}", context => pages.Value(context))
            .WithMetadata(new SessionRequired(AdministratorOnly: true, SignInPage: "/sign-in"));
    }

    private static RequestDelegate Build(IApplicationBuilder app)
    {
        var pages = app.New();
        pages.Use(next => context =>
        {
            // Requests that the dashboard does not handle must end as unknown routes.
            context.SetEndpoint(null);
            return next(context);
        });
        pages.UseHangfireDashboard(Root, new DashboardOptions
        {
            AppPath = "/server",
            Authorization = [new SessionFilter()],
            DashboardTitle = "Jobs",
            // Job arguments are identifiers only. The connection string is secret.
            DisplayStorageConnectionString = false,
        });
        return pages.Build();
    }

    /// <summary>Hangfire's own authorization, in addition to the session check.</summary>
    private sealed class SessionFilter : IDashboardAuthorizationFilter
    {
        public bool Authorize(DashboardContext context) => context.GetHttpContext().Features.Get<SessionUser>() is not null;
    }
}

using Hangfire;
using Hangfire.Dashboard;
using VideoUnderstanding.Server.Auth;

namespace VideoUnderstanding.Server.App.Operator;

/// <summary>Hangfire's own pages, for administrators.</summary>
internal static class JobPages
{
    public const string Root = "/app/jobs";

    /// <summary>Not by Hangfire's own mapping: that opens its storage while the server is composed, before it has waited for the database.
    /// A storage that finds none retries for half a minute, and then stays without its tables.</summary>
    public static void MapJobPages(this WebApplication app)
    {
        // A failure is not kept.
        var pages = new Lazy<RequestDelegate>(() => Build(app), LazyThreadSafetyMode.PublicationOnly);
        app.Map($"{Root}/{{**page}}", context => pages.Value(context))
            .WithMetadata(new SessionRequired(AdministratorOnly: true, SignInPage: "/sign-in"));
    }

    private static RequestDelegate Build(IApplicationBuilder app)
    {
        var pages = app.New();
        pages.Use(next => context =>
        {
            // What Hangfire does not know is to end as an unknown route.
            context.SetEndpoint(null);
            return next(context);
        });
        pages.UseHangfireDashboard(Root, new DashboardOptions
        {
            AppPath = "/server",
            Authorization = [new SignedInOnly()],
            DashboardTitle = "Jobs",
            // What jobs were called with is identifiers; the connection string is nobody's business.
            DisplayStorageConnectionString = false,
        });
        return pages.Build();
    }

    /// <summary>Hangfire asks once more by itself, behind the session check.</summary>
    private sealed class SignedInOnly : IDashboardAuthorizationFilter
    {
        public bool Authorize(DashboardContext context) => context.GetHttpContext().Features.Get<SessionUser>() is not null;
    }
}

using Hangfire.Dashboard;

namespace VideoUnderstanding.Server.Dashboard;

/// <summary>Hangfire asks once more by itself, behind the door.</summary>
internal sealed class LoggedInOnly : IDashboardAuthorizationFilter
{
    public bool Authorize(DashboardContext context) => context.GetHttpContext().User.Identity?.IsAuthenticated == true;
}

using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace VideoUnderstanding.Server.Dashboard;

/// <summary>Stands before everything below <c>/dashboard</c>: nothing is there without a password, and nothing but the login is shown without a login.</summary>
public sealed class DashboardDoor(RequestDelegate next, DashboardPassword password)
{
    public const string Root = "/dashboard";
    public const string LoginPath = $"{Root}/login";
    public const string StylePath = $"{Root}/style.css";
    public const string Scheme = "dashboard";

    private const string StampClaim = "stamp";

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments(Root))
        {
            await next(context);
            return;
        }
        if (!password.IsSet)
        {
            context.SetEndpoint(null);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if ((await context.AuthenticateAsync(Scheme)).Principal is { } who)
            context.User = who;
        else if (context.Request.Path != LoginPath && context.Request.Path != StylePath)
        {
            context.Response.Redirect(LoginPath);
            return;
        }
        await next(context);
    }

    public static ClaimsPrincipal Operator(string stamp) => new(new ClaimsIdentity([new Claim(ClaimTypes.Name, "operator"), new Claim(StampClaim, stamp)], Scheme));

    /// <summary>A login that was made with another password than the present one is over.</summary>
    public static Task CheckStampAsync(CookieValidatePrincipalContext context)
    {
        var stamp = context.HttpContext.RequestServices.GetRequiredService<DashboardPassword>().Stamp;
        if (stamp is null || context.Principal?.FindFirstValue(StampClaim) != stamp)
            context.RejectPrincipal();
        return Task.CompletedTask;
    }
}

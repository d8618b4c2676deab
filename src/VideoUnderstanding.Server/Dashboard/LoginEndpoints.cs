using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using VideoUnderstanding.Server.Limits;

namespace VideoUnderstanding.Server.Dashboard;

internal static class LoginEndpoints
{
    private const string PasswordField = "password";

    public static void MapLogin(this RouteGroupBuilder dashboard)
    {
        dashboard.MapGet("/login", (HttpContext context, IAntiforgery antiforgery) => Form(context, antiforgery, null, StatusCodes.Status200OK));
        dashboard.MapPost("/login", LogInAsync);
        dashboard.MapPost("/logout", LogOutAsync);
    }

    private static async Task<IResult> LogInAsync(HttpContext context, IAntiforgery antiforgery, DashboardPassword password, LoginLimit limit)
    {
        if (!await IsOursAsync(antiforgery, context))
            return Form(context, antiforgery, "The form was too old or came from elsewhere. Please try again.", StatusCodes.Status400BadRequest);
        // Taken before the password is looked at, right or wrong: many tries at the same moment pass no better than one after the other.
        if (limit.Tries.Take(ClientAddress.NameOf(context)) is { } wait)
        {
            var seconds = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            context.Response.Headers.RetryAfter = seconds;
            return Form(context, antiforgery, $"Too many tries. Please wait {seconds} seconds.", StatusCodes.Status429TooManyRequests);
        }
        var given = (await context.Request.ReadFormAsync(context.RequestAborted))[PasswordField].ToString();
        if (password.Stamp is not { } stamp || !password.Fits(given))
            return Form(context, antiforgery, "The password is not right.", StatusCodes.Status401Unauthorized);
        await context.SignInAsync(DashboardDoor.Scheme, DashboardDoor.Operator(stamp));
        return Results.LocalRedirect(DashboardDoor.Root);
    }

    private static async Task<IResult> LogOutAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (!await IsOursAsync(antiforgery, context))
            return Results.LocalRedirect(DashboardDoor.Root);
        await context.SignOutAsync(DashboardDoor.Scheme);
        return Results.LocalRedirect(DashboardDoor.LoginPath);
    }

    /// <summary>Whether the form was sent from a page of this server. A form that can not be read was not.</summary>
    private static async Task<bool> IsOursAsync(IAntiforgery antiforgery, HttpContext context)
    {
        try
        {
            return await antiforgery.IsRequestValidAsync(context);
        }
        catch (AntiforgeryValidationException)
        {
            return false;
        }
    }

    private static IResult Form(HttpContext context, IAntiforgery antiforgery, string? error, int status) => DashboardPage.Show("Log in", Markup.Of($"""
        <main>
        <h1>Video Understanding</h1>
        {(error is null ? new Markup("") : Markup.Of($"""<p class="error" role="alert">{error}</p>"""))}
        <form method="post" action="{DashboardDoor.LoginPath}">
        {DashboardPage.Token(antiforgery, context)}
        <label for="password">Password</label>
        <input id="password" name="{PasswordField}" type="password" autocomplete="current-password" maxlength="{DashboardPassword.MaxLength}" required autofocus>
        <button type="submit">Log in</button>
        </form>
        </main>
        """), status);
}

using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Operations.Users;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.App.Sessions;

/// <summary>Finds the user of a browser session. The cookie contains the user's id and a stamp of the password. The user is read from the
/// database for every request, so that changes apply immediately.</summary>
public static class SessionCookie
{
    public const string Scheme = "session";
    public const string Name = "vu-session";

    private const string StampClaim = "stamp";

    /// <summary>Signs in and sets the cookie.</summary>
    public static Task SignInAsync(HttpContext context, User user)
        => context.SignInAsync(Scheme, new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, user.Id), new Claim(StampClaim, UserStore.StampOf(user))], Scheme)));

    /// <summary>Returns the user of the session, and sets the principal of the request, to which anti-forgery tokens are bound.</summary>
    /// <returns>The user, or null without a valid session.</returns>
    public static async Task<User?> FindUserAsync(HttpContext context)
    {
        if (!context.Request.Cookies.ContainsKey(Name)
            || (await context.AuthenticateAsync(Scheme)).Principal is not { } principal
            || principal.FindFirstValue(ClaimTypes.NameIdentifier) is not { } id
            || await context.RequestServices.GetRequiredService<UserStore>().FindAsync(id, context.RequestAborted) is not { } user
            || principal.FindFirstValue(StampClaim) != UserStore.StampOf(user))
            return null;
        context.User = principal;
        return user;
    }

    /// <summary>Requires a valid anti-forgery token for methods that change data.</summary>
    /// <exception cref="ApiException">The token is missing, invalid, or belongs to another session.</exception>
    public static async Task RequireTokenAsync(HttpContext context)
    {
        var antiforgery = context.RequestServices.GetRequiredService<IAntiforgery>();
        if (!await antiforgery.IsRequestValidAsync(context))
            throw new ApiException(ApiError.SessionTokenInvalid());
    }
}

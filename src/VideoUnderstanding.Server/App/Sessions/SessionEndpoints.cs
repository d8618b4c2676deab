using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Operations.Users;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.App.Operator;
using VideoUnderstanding.Server.App.Progress;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;
using VideoUnderstanding.Server.Limits;

namespace VideoUnderstanding.Server.App.Sessions;

/// <summary>Sign-in, sign-out, creation of the first administrator, and change of the user's own password.</summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this RouteGroupBuilder app)
    {
        app.MapGet("/session", RetrieveSessionAsync);
        app.MapPost("/session", SignInAsync);
        // The cast avoids the overload for RequestDelegate, which discards the result.
        app.MapDelete("/session", (Delegate)SignOutAsync);
        app.MapPost("/setup", SetUpAsync);
        app.MapPut("/password", ChangePasswordAsync).WithMetadata(new SessionRequired());
    }

    private static async Task<Ok<SessionResponse>> RetrieveSessionAsync(
        HttpContext context, IAntiforgery antiforgery, UserStore users, VideoDbContext db, CancellationToken cancellationToken)
    {
        var user = await SessionCookie.FindUserAsync(context);
        var tokens = antiforgery.GetAndStoreTokens(context);
        var account = user is null ? null
            : await db.Accounts.Where(row => row.Id == user.AccountId).Select(row => row.Name).SingleAsync(cancellationToken);
        return TypedResults.Ok(new SessionResponse(
            tokens.RequestToken!, tokens.HeaderName!, user is null && !await users.AnyAsync(cancellationToken), ServerVersion.Text,
            user is null ? null : SessionUserDto.From(user, account!)));
    }

    private static async Task<Results<NoContent, ApiError>> SignInAsync(
        HttpContext context, JsonBody<SignInRequest> body, UserStore users, SignInLimit limit, CancellationToken cancellationToken)
    {
        // Sets the principal of an existing session, to which the token is bound.
        await SessionCookie.FindUserAsync(context);
        await SessionCookie.RequireTokenAsync(context);
        // Every attempt counts, before the password is verified, so that concurrent attempts are limited as well.
        if (limit.Attempts.Take(ClientAddress.NameOf(context)) is { } wait)
            return ApiError.TooManyRequests(wait);
        if (await users.VerifyAsync(body.Value.Name!, body.Value.Password!, cancellationToken) is not { } user)
            return ApiError.SignInFailed();
        await SessionCookie.SignInAsync(context, user);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> SignOutAsync(HttpContext context, TaskFeed feed)
    {
        var user = await SessionCookie.FindUserAsync(context);
        await SessionCookie.RequireTokenAsync(context);
        await context.SignOutAsync(SessionCookie.Scheme);
        if (user is not null)
            feed.EndOf(user.Id);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ApiError>> SetUpAsync(
        HttpContext context, JsonBody<SetUpRequest> body, UserStore users, SetupLink link, SignInLimit limit,
        CancellationToken cancellationToken)
    {
        await SessionCookie.FindUserAsync(context);
        await SessionCookie.RequireTokenAsync(context);
        if (limit.Attempts.Take(ClientAddress.NameOf(context)) is { } wait)
            return ApiError.TooManyRequests(wait);
        var request = body.Value;
        if (!link.IsToken(request.Token!))
            return ApiError.SetupLinkInvalid();
        try
        {
            if (await users.CreateFirstAsync(request.Name!, request.Password!, cancellationToken) is not { } user)
                return ApiError.SetupLinkInvalid();
            link.DeleteFile();
            await SessionCookie.SignInAsync(context, user);
            return TypedResults.NoContent();
        }
        catch (ArgumentException refused)
        {
            return ApiError.BodyInvalid(refused.Message);
        }
    }

    private static async Task<Results<NoContent, ApiError>> ChangePasswordAsync(
        HttpContext context, SessionUser user, JsonBody<ChangePasswordRequest> body, UserStore users, SignInLimit limit,
        CancellationToken cancellationToken)
    {
        if (limit.Attempts.Take(ClientAddress.NameOf(context)) is { } wait)
            return ApiError.TooManyRequests(wait);
        if (await users.VerifyAsync(user.Row.Name, body.Value.Current!, cancellationToken) is null)
            return ApiError.BodyInvalid("The current password is wrong.");
        try
        {
            await users.SetPasswordAsync(user.Row.Id, body.Value.Password!, cancellationToken);
        }
        catch (ArgumentException refused)
        {
            return ApiError.BodyInvalid(refused.Message);
        }
        // The new password ends all sessions, so this browser needs a new one.
        await SessionCookie.SignInAsync(context, (await users.FindAsync(user.Row.Id, cancellationToken))!);
        return TypedResults.NoContent();
    }
}

/// <summary>Limits sign-in attempts per client address.</summary>
internal sealed class SignInLimit(IOptions<AppOptions> options, TimeProvider clock)
{
    public TokenBuckets Attempts { get; } = new(options.Value.SignInsPerMinute, options.Value.SignInBurst, clock);
}

using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.App.Sessions;
using VideoUnderstanding.Server.Errors;
using VideoUnderstanding.Server.Limits;

namespace VideoUnderstanding.Server.Auth;

/// <summary>Endpoint metadata: requests need a browser session.</summary>
/// <param name="AdministratorOnly">True if the user must be an administrator.</param>
/// <param name="SignInPage">Path to which a request without a session is redirected; null returns an error.</param>
public sealed record SessionRequired(bool AdministratorOnly = false, string? SignInPage = null);

/// <summary>The signed-in user. Handlers take it as a parameter; at endpoints with <see cref="ApiKeyRequired"/> it is null if the request
/// has a key.</summary>
public sealed record SessionUser(User Row)
{
    public static ValueTask<SessionUser?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<SessionUser>());
}

/// <summary>Checks session, anti-forgery token and rate limits for endpoints with <see cref="SessionRequired"/>.</summary>
public sealed class SessionCheck(RequestDelegate next, RateLimits limits)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<SessionRequired>() is not { } required)
        {
            await next(context);
            return;
        }
        if (await SessionCookie.FindUserAsync(context) is not { } user)
        {
            if (required.SignInPage is null)
                throw new ApiException(ApiError.SessionMissing());
            context.Response.Redirect(required.SignInPage);
            return;
        }
        if (required.AdministratorOnly && user.Role != UserRole.Administrator)
            throw new ApiException(ApiError.AdministratorOnly());
        await SessionCookie.RequireTokenAsync(context);
        if (limits.Requests.Take(user.Id) is { } wait)
            throw new ApiException(ApiError.TooManyRequests(wait));
        if (endpoint.Metadata.GetMetadata<CostlyRequest>() is not null)
            limits.TakeCostly(user.Id);
        context.Features.Set(new SessionUser(user));
        context.Features.Set(new Caller(user.AccountId, user.Id));
        await next(context);
    }
}

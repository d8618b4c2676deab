using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.App.Sessions;
using VideoUnderstanding.Server.Errors;
using VideoUnderstanding.Server.Limits;

namespace VideoUnderstanding.Server.Auth;

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

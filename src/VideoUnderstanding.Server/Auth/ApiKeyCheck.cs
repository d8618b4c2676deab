using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Server.App.Sessions;
using VideoUnderstanding.Server.Errors;
using VideoUnderstanding.Server.Limits;

namespace VideoUnderstanding.Server.Auth;

/// <summary>Endpoint metadata: requests need a valid API key, or a browser session with its anti-forgery token.</summary>
public sealed class ApiKeyRequired
{
    /// <summary>True if the key may also be sent as <c>Authorization: Bearer KEY</c>.</summary>
    public bool AllowsBearer { get; init; }
}

/// <summary>Checks API key or session, and rate limits, for endpoints with <see cref="ApiKeyRequired"/>. It is a middleware instead of an
/// endpoint filter, because filters run after parameter binding, and the body of an unauthenticated request must not be read.</summary>
public sealed class ApiKeyCheck(RequestDelegate next, RateLimits limits)
{
    public const string Header = "x-api-key";

    private const string Bearer = "Bearer ";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<ApiKeyRequired>() is { } required)
            await CheckAsync(context, endpoint, required);
        await next(context);
    }

    /// <exception cref="ApiException">The key is missing or invalid, or a rate limit is exceeded.</exception>
    private async Task CheckAsync(HttpContext context, Endpoint endpoint, ApiKeyRequired required)
    {
        if (ReadKey(context.Request.Headers, required) is not { } secret)
        {
            await CheckSessionAsync(context, endpoint, required);
            return;
        }
        var (name, address) = (Convert.ToHexString(ApiKeySecret.Hash(secret)), ClientAddress.NameOf(context));
        // Rejects an address with too many invalid keys without a database lookup. Keys that were valid recently are exempt, because
        // several clients may share an address.
        if (limits.FailedKeys.Peek(address) is { } pause && !limits.Requests.HasBucket(name))
            throw new ApiException(ApiError.TooManyRequests(pause));
        if (await context.RequestServices.GetRequiredService<ApiKeyStore>().FindAsync(secret, context.RequestAborted) is not { } key)
        {
            limits.FailedKeys.Take(address);
            throw new ApiException(ApiError.KeyInvalid());
        }
        CheckRateLimits(name, key.Id, endpoint);
        await context.RequestServices.GetRequiredService<ApiKeyStore>().RecordUseAsync(key, context.RequestAborted);
        context.Features.Set(new Caller(key.AccountId, key.Id));
    }

    /// <summary>Accepts the browser session of the web app instead of a key.</summary>
    private async Task CheckSessionAsync(HttpContext context, Endpoint endpoint, ApiKeyRequired required)
    {
        if (await SessionCookie.FindUserAsync(context) is not { } user)
            throw new ApiException(required.AllowsBearer ? ApiError.KeyMissingForAssistant()
                : context.Request.Headers.Authorization.Count > 0 ? ApiError.KeyInAuthorization() : ApiError.KeyMissing());
        await SessionCookie.RequireTokenAsync(context);
        CheckRateLimits(user.Id, user.Id, endpoint);
        context.Features.Set(new SessionUser(user));
        context.Features.Set(new Caller(user.AccountId, user.Id));
    }

    /// <param name="name">Key of the bucket for all requests.</param>
    /// <param name="callerId">Key of the bucket for costly requests.</param>
    private void CheckRateLimits(string name, string callerId, Endpoint endpoint)
    {
        if (limits.Requests.Take(name) is { } wait)
            throw new ApiException(ApiError.TooManyRequests(wait));
        if (endpoint.Metadata.GetMetadata<CostlyRequest>() is not null)
            limits.TakeCostly(callerId);
    }

    /// <summary>Returns the key of the request; null if there is none.</summary>
    private static string? ReadKey(IHeaderDictionary headers, ApiKeyRequired required)
    {
        if (headers[Header].ToString() is { Length: > 0 } key)
            return key;
        var authorization = headers.Authorization.ToString();
        return required.AllowsBearer && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            && authorization[Bearer.Length..].Trim() is { Length: > 0 } token ? token : null;
    }
}

/// <summary>The sender of the request. Handlers take it as a parameter.</summary>
/// <param name="Id">Id of the API key, or of the user of a browser session.</param>
public sealed record Caller(string AccountId, string Id)
{
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<Caller>());
}

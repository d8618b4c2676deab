using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Server.Errors;
using VideoUnderstanding.Server.Limits;

namespace VideoUnderstanding.Server.Auth;

/// <summary>
/// Lets a request through to an endpoint marked <see cref="ApiKeyRequired"/> only with a valid key, and only as often as its key may ask. A middleware and not an
/// endpoint filter, because filters run after the parameters were bound, and nothing of a stranger's body shall be read.
/// </summary>
public sealed class ApiKeyCheck(RequestDelegate next, RateLimits limits)
{
    public const string Header = "x-api-key";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<ApiKeyRequired>() is not null && !await IsLetInAsync(context, endpoint))
            return;
        await next(context);
    }

    /// <returns>False when the request was answered.</returns>
    private async Task<bool> IsLetInAsync(HttpContext context, Endpoint endpoint)
    {
        var secret = context.Request.Headers[Header].ToString();
        if (secret.Length == 0)
        {
            await ApiError.KeyInvalid().ExecuteAsync(context);
            return false;
        }
        var (name, address) = (Convert.ToHexString(ApiKeySecret.Hash(secret)), ClientAddress.NameOf(context));
        // An address that tried too many wrong keys is not looked up for any more, except for keys that have worked lately: others behind the same address go on.
        if (limits.FailedKeys.Peek(address) is { } patience && !limits.Requests.Knows(name))
        {
            await RateLimits.RefuseAsync(context, patience);
            return false;
        }
        if (await context.RequestServices.GetRequiredService<ApiKeyStore>().FindAsync(secret, context.RequestAborted) is not { } key)
        {
            limits.FailedKeys.Take(address);
            await ApiError.KeyInvalid().ExecuteAsync(context);
            return false;
        }
        var wait = limits.Requests.Take(name);
        if (wait is null && endpoint.Metadata.GetMetadata<CostlyRequest>() is not null)
            wait = limits.Costly.Take(name);
        if (wait is not null)
        {
            await RateLimits.RefuseAsync(context, wait.Value);
            return false;
        }
        context.Features.Set(new Caller(key.AccountId, key.Id));
        return true;
    }
}

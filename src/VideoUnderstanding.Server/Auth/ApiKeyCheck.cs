using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Auth;

/// <summary>
/// Lets a request through to an endpoint marked <see cref="ApiKeyRequired"/> only with a valid key. A middleware and not an endpoint filter,
/// because filters run after the parameters were bound, and nothing of a stranger's body shall be read.
/// </summary>
public sealed class ApiKeyCheck(RequestDelegate next)
{
    public const string Header = "x-api-key";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ApiKeyRequired>() is not null && !await IsKnownAsync(context))
        {
            await ApiError.KeyInvalid().ExecuteAsync(context);
            return;
        }
        await next(context);
    }

    private static async Task<bool> IsKnownAsync(HttpContext context)
    {
        var secret = context.Request.Headers[Header].ToString();
        if (secret.Length == 0)
            return false;
        var keys = context.RequestServices.GetRequiredService<ApiKeyStore>();
        if (await keys.FindAsync(secret, context.RequestAborted) is not { } key)
            return false;
        context.Features.Set(new Caller(key.AccountId, key.Id));
        return true;
    }
}

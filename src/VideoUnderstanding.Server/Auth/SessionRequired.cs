using VideoUnderstanding.Data.Entities;

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

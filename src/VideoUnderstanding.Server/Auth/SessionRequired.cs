using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Server.Auth;

/// <summary>Endpoint metadata: requests need a browser session.</summary>
/// <param name="AdministratorOnly">True if the user must be an administrator.</param>
/// <param name="SignInPage">Where a request without a session is redirected; null for an error response.</param>
public sealed record SessionRequired(bool AdministratorOnly = false, string? SignInPage = null);

/// <summary>The signed-in user. Handlers of endpoints with <see cref="SessionRequired"/> take it as a parameter, and those of
/// endpoints with <see cref="ApiKeyRequired"/> as one that is null for a key.</summary>
public sealed record SessionUser(User Row)
{
    public static ValueTask<SessionUser?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<SessionUser>());
}

using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.App.Sessions;

/// <summary>Response of retrieveSession. docs/web-app.md.</summary>
/// <param name="Token">Anti-forgery token of this session. Requests that change data send it in the header
/// <paramref name="TokenHeader"/>.</param>
/// <param name="NeedsSetup">True if there is no user yet.</param>
/// <param name="User">Omitted without a session.</param>
public sealed record SessionResponse(string Token, string TokenHeader, bool NeedsSetup, string Version, SessionUserDto? User);

/// <param name="Role"><c>administrator</c> or <c>member</c>.</param>
public sealed record SessionUserDto(string Name, string Account, string Role)
{
    public static SessionUserDto From(User user, string account) => new(user.Name, account, user.Role.ToString().ToLowerInvariant());
}

/// <summary>Body of signIn.</summary>
public sealed record SignInRequest(string? Name, string? Password) : IValidatedRequest
{
    public void Validate()
    {
        string?[] missing = [Name is null ? "name" : null, Password is null ? "password" : null];
        if (missing.OfType<string>().ToArray() is { Length: > 0 } names)
            throw new ApiException(ApiError.Missing(names));
    }
}

/// <summary>Body of setUp.</summary>
/// <param name="Token">Token of the setup link.</param>
public sealed record SetUpRequest(string? Token, string? Name, string? Password) : IValidatedRequest
{
    public void Validate()
    {
        string?[] missing = [Token is null ? "token" : null, Name is null ? "name" : null, Password is null ? "password" : null];
        if (missing.OfType<string>().ToArray() is { Length: > 0 } names)
            throw new ApiException(ApiError.Missing(names));
    }
}

/// <summary>Body of changePassword.</summary>
public sealed record ChangePasswordRequest(string? Current, string? Password) : IValidatedRequest
{
    public void Validate()
    {
        string?[] missing = [Current is null ? "current" : null, Password is null ? "password" : null];
        if (missing.OfType<string>().ToArray() is { Length: > 0 } names)
            throw new ApiException(ApiError.Missing(names));
    }
}

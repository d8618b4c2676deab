using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.App.Sessions;

/// <summary>State of the browser's session. docs/web-app.md.</summary>
/// <param name="Token">Anti-forgery token of this session. Requests that change something send it in the header
/// <paramref name="TokenHeader"/>.</param>
/// <param name="NeedsSetup">True as long as there is no user.</param>
/// <param name="User">Left out without a session.</param>
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
/// <param name="Token">From the link that the server printed.</param>
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

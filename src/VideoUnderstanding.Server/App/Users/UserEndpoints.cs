using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Operations.Users;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.App.Users;

/// <summary>The users of all accounts, for administrators.</summary>
internal static class UserEndpoints
{
    public static void MapUsers(this RouteGroupBuilder app)
    {
        var users = app.MapGroup("/users").WithMetadata(new SessionRequired(AdministratorOnly: true));
        users.MapGet("/", ListUsersAsync);
        users.MapPost("/", CreateUserAsync);
        users.MapPut("/{userId}/password", SetUserPasswordAsync);
        users.MapDelete("/{userId}", DeleteUserAsync);
    }

    private static async Task<Ok<UserListResponse>> ListUsersAsync(UserStore users, VideoDbContext db, CancellationToken cancellationToken)
    {
        var accounts = await db.Accounts.ToDictionaryAsync(account => account.Id, account => account.Name, cancellationToken);
        return TypedResults.Ok(new UserListResponse(
            [.. (await users.ListAsync(cancellationToken)).Select(user => UserDto.From(user, accounts[user.AccountId]))]));
    }

    private static async Task<Results<Created<UserDto>, ApiError>> CreateUserAsync(
        JsonBody<CreateUserRequest> body, UserStore users, CancellationToken cancellationToken)
    {
        var request = body.Value;
        try
        {
            return await users.CreateAsync(request.Name!, request.Account!, request.ReadRole(), request.Password!, cancellationToken)
                is { } user
                ? TypedResults.Created((string?)null, UserDto.From(user, request.Account!.Trim()))
                : ApiError.UserNameTaken(request.Name!);
        }
        catch (ArgumentException refused)
        {
            return ApiError.BodyInvalid(refused.Message);
        }
    }

    private static async Task<Results<NoContent, ApiError>> SetUserPasswordAsync(
        string userId, JsonBody<SetPasswordRequest> body, UserStore users, CancellationToken cancellationToken)
    {
        Identifier.Require("user-id", userId);
        try
        {
            return await users.SetPasswordAsync(userId, body.Value.Password!, cancellationToken) ? TypedResults.NoContent()
                : ApiError.NotFound("users", userId);
        }
        catch (ArgumentException refused)
        {
            return ApiError.BodyInvalid(refused.Message);
        }
    }

    /// <summary>Administrators cannot delete themselves, so that one always remains.</summary>
    private static async Task<Results<NoContent, ApiError>> DeleteUserAsync(
        string userId, SessionUser user, UserStore users, CancellationToken cancellationToken)
    {
        Identifier.Require("user-id", userId);
        if (userId == user.Row.Id)
            return ApiError.Invalid("user-id", "You cannot delete yourself.");
        return await users.RemoveAsync(userId, cancellationToken) ? TypedResults.NoContent() : ApiError.NotFound("users", userId);
    }
}

/// <summary>Body of createUser.</summary>
/// <param name="Account">Name of the account, which is created if it does not exist.</param>
/// <param name="Role"><c>administrator</c> or <c>member</c>.</param>
public sealed record CreateUserRequest(string? Name, string? Account, string? Role, string? Password) : IValidatedRequest
{
    public UserRole ReadRole() => Role == "administrator" ? UserRole.Administrator : UserRole.Member;

    public void Validate()
    {
        string?[] missing = [Name is null ? "name" : null, Account is null ? "account" : null, Role is null ? "role" : null,
            Password is null ? "password" : null];
        if (missing.OfType<string>().ToArray() is { Length: > 0 } names)
            throw new ApiException(ApiError.Missing(names));
        if (Role is not ("administrator" or "member"))
            throw new ApiException(ApiError.Invalid("role", "It must be one of the following: administrator, member."));
    }
}

/// <summary>Body of setUserPassword.</summary>
public sealed record SetPasswordRequest(string? Password) : IValidatedRequest
{
    public void Validate()
    {
        if (Password is null)
            throw new ApiException(ApiError.Missing("password"));
    }
}

public sealed record UserListResponse(IReadOnlyList<UserDto> Data);

/// <param name="Role"><c>administrator</c> or <c>member</c>.</param>
public sealed record UserDto(
    [property: JsonPropertyName("_id")] string Id, string Name, string Account, string Role, DateTimeOffset CreatedAt)
{
    public static UserDto From(User user, string account)
        => new(user.Id, user.Name, account, user.Role.ToString().ToLowerInvariant(), user.CreatedAt);
}

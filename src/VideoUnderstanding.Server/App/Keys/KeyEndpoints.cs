using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.App.Keys;

/// <summary>The API keys of the user's account.</summary>
internal static class KeyEndpoints
{
    /// <summary>Maximum keys in the list. Revoked keys stay in it.</summary>
    private const int MaxKeys = 200;

    public static void MapKeys(this RouteGroupBuilder app)
    {
        var keys = app.MapGroup("/keys").WithMetadata(new SessionRequired());
        keys.MapGet("/", ListKeysAsync);
        keys.MapPost("/", CreateKeyAsync);
        keys.MapPost("/{keyId}/regenerate", RegenerateKeyAsync);
        keys.MapDelete("/{keyId}", RevokeKeyAsync);
    }

    private static async Task<Ok<KeyListResponse>> ListKeysAsync(SessionUser user, VideoDbContext db, CancellationToken cancellationToken)
        => TypedResults.Ok(new KeyListResponse([.. (await db.ApiKeys.AsNoTracking().OwnedBy(user.Row.AccountId)
            .OrderByDescending(key => key.CreatedAt).ThenBy(key => key.Id).Take(MaxKeys).ToListAsync(cancellationToken))
            .Select(KeyDto.From)]));

    private static async Task<Created<CreatedKeyResponse>> CreateKeyAsync(
        SessionUser user, JsonBody<CreateKeyRequest> body, ApiKeyStore keys, CancellationToken cancellationToken)
    {
        var (key, secret) = await keys.CreateForAsync(user.Row.AccountId, body.Value.Name!.Trim(), cancellationToken);
        return TypedResults.Created((string?)null, new CreatedKeyResponse(KeyDto.From(key), secret));
    }

    private static async Task<Results<Created<CreatedKeyResponse>, ApiError>> RegenerateKeyAsync(
        string keyId, SessionUser user, VideoDbContext db, ApiKeyStore keys, CancellationToken cancellationToken)
        => await IsOwnAsync(db, user, keyId, cancellationToken)
            && await keys.RegenerateAsync(keyId, cancellationToken) is { } made
            ? TypedResults.Created((string?)null, new CreatedKeyResponse(KeyDto.From(made.Key), made.Secret))
            : ApiError.NotFound("keys", keyId);

    private static async Task<Results<NoContent, ApiError>> RevokeKeyAsync(
        string keyId, SessionUser user, VideoDbContext db, ApiKeyStore keys, CancellationToken cancellationToken)
        => await IsOwnAsync(db, user, keyId, cancellationToken) && await keys.RevokeAsync(keyId, cancellationToken) is not null
            ? TypedResults.NoContent()
            : ApiError.NotFound("keys", keyId);

    private static Task<bool> IsOwnAsync(VideoDbContext db, SessionUser user, string id, CancellationToken cancellationToken)
        => db.ApiKeys.OwnedBy(user.Row.AccountId).AnyAsync(key => key.Id == Identifier.Require("key-id", id), cancellationToken);
}

/// <summary>Body of createKey.</summary>
public sealed record CreateKeyRequest(string? Name) : IValidatedRequest
{
    private const int MaxLength = 100;

    public void Validate()
    {
        if (Name is null)
            throw new ApiException(ApiError.Missing("name"));
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > MaxLength)
            throw new ApiException(ApiError.Invalid("name", $"It must have 1 to {MaxLength} characters, not only spaces."));
    }
}

public sealed record KeyListResponse(IReadOnlyList<KeyDto> Data);

/// <param name="Prefix">First characters of the key.</param>
/// <param name="LastUsedAt">Last use, to the minute; omitted if the key was never used.</param>
/// <param name="RevokedAt">Omitted if the key was not revoked.</param>
public sealed record KeyDto(
    [property: JsonPropertyName("_id")] string Id, string Name, string Prefix, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt)
{
    public static KeyDto From(ApiKey key)
        => new(key.Id, key.Name, key.Prefix, key.CreatedAt, key.ExpiresAt, key.LastUsedAt, key.RevokedAt);
}

/// <param name="Secret">The key. It is returned only once.</param>
public sealed record CreatedKeyResponse(KeyDto Key, string Secret);

using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Operations.Users;

/// <summary>The users of the web app. Methods that take a name or a password throw an <see cref="ArgumentException"/> with a sentence for
/// the user if it is not allowed.</summary>
public sealed partial class UserStore(VideoDbContext db, TimeProvider clock)
{
    public const int MinPasswordLength = 12;
    public const int MaxPasswordLength = 200;

    /// <summary>Name of the user that the first start and <c>vu dashboard password</c> create.</summary>
    public const string AdministratorName = "admin";

    /// <summary>PBKDF2 with HMAC-SHA512, 128 bits of salt and the framework's number of iterations. It ignores its first
    /// argument.</summary>
    private static readonly PasswordHasher<string> Hasher = new();

    /// <summary>Verified for an unknown name, so that the response time does not reveal whether the name exists.</summary>
    private static readonly Lazy<string> UnknownHash = new(() => Hasher.HashPassword("", "no user has this password"));

    public Task<bool> AnyAsync(CancellationToken cancellationToken) => db.Users.AnyAsync(cancellationToken);

    public Task<User?> FindAsync(string id, CancellationToken cancellationToken)
        => db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == id, cancellationToken);

    /// <summary>All users in the order of their names.</summary>
    public async Task<IReadOnlyList<User>> ListAsync(CancellationToken cancellationToken)
        => await db.Users.AsNoTracking().OrderBy(user => user.Name).ToListAsync(cancellationToken);

    /// <returns>Null if the name is unknown or the password is wrong.</returns>
    public async Task<User?> VerifyAsync(string name, string password, CancellationToken cancellationToken)
    {
        if (password.Length > MaxPasswordLength)
            return null;
        var wanted = Normalize(name);
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Name == wanted, cancellationToken);
        var result = Hasher.VerifyHashedPassword("", user?.PasswordHash ?? UnknownHash.Value, password);
        return result == PasswordVerificationResult.Failed ? null : user;
    }

    /// <summary>Changes with the password and does not reveal it. A session that was created with another stamp has ended.</summary>
    public static string StampOf(User user) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user.PasswordHash)));

    /// <param name="account">Name of the account; created if it does not exist.</param>
    /// <returns>Null if the name is taken.</returns>
    public async Task<User?> CreateAsync(
        string name, string account, UserRole role, string password, CancellationToken cancellationToken)
    {
        CheckPassword(password);
        var normal = CheckName(name);
        var owner = await DefaultAccount.EnsureAsync(db, CheckAccount(account), clock, cancellationToken);
        var now = clock.GetUtcNow();
        var user = new User
        {
            Id = ObjectIds.New(clock), AccountId = owner.Id, Name = normal, Role = role, PasswordHash = Hasher.HashPassword("", password),
            CreatedAt = now, UpdatedAt = now,
        };
        db.Users.Add(user);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return user;
        }
        catch (DbUpdateException failure) when (UniqueNames.IsUserNameTaken(failure))
        {
            return null;
        }
    }

    /// <summary>Creates the first administrator.</summary>
    /// <returns>Null if there is a user already.</returns>
    public Task<User?> CreateFirstAsync(string name, string password, CancellationToken cancellationToken)
        => DatabaseLock.RunAsync(db, async () => await AnyAsync(cancellationToken)
            ? null
            : await CreateAsync(name, DefaultAccount.Name, UserRole.Administrator, password, cancellationToken), cancellationToken);

    /// <summary>Sets the password of the user <see cref="AdministratorName"/>, who becomes an administrator; created if missing.</summary>
    public async Task SetAdministratorPasswordAsync(string password, CancellationToken cancellationToken)
    {
        CheckPassword(password);
        if (await db.Users.SingleOrDefaultAsync(user => user.Name == AdministratorName, cancellationToken) is not { } known)
        {
            await CreateAsync(AdministratorName, DefaultAccount.Name, UserRole.Administrator, password, cancellationToken);
            return;
        }
        (known.Role, known.PasswordHash, known.UpdatedAt) = (UserRole.Administrator, Hasher.HashPassword("", password), clock.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <returns>False if there is no such user.</returns>
    public async Task<bool> SetPasswordAsync(string id, string password, CancellationToken cancellationToken)
    {
        CheckPassword(password);
        var (hash, now) = (Hasher.HashPassword("", password), clock.GetUtcNow());
        return await db.Users.Where(user => user.Id == id).ExecuteUpdateAsync(user => user
            .SetProperty(column => column.PasswordHash, hash).SetProperty(column => column.UpdatedAt, now), cancellationToken) == 1;
    }

    /// <summary>Deletes the user. The data of the account is kept.</summary>
    /// <returns>False if there is no such user.</returns>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
        => await db.Users.Where(user => user.Id == id).ExecuteDeleteAsync(cancellationToken) == 1;

    private static string Normalize(string name) => name.Trim().ToLowerInvariant();

    private static string CheckName(string name)
    {
        var normal = Normalize(name);
        return AllowedName().IsMatch(normal) ? normal
            : throw new ArgumentException("The user name must have 1 to 64 letters, digits, dots, hyphens, underscores or at signs.");
    }

    private static string CheckAccount(string account)
        => account.Trim() is { Length: > 0 and <= 64 } name ? name
            : throw new ArgumentException("The name of the account must have 1 to 64 characters.");

    private static void CheckPassword(string password)
    {
        if (password.Length is < MinPasswordLength or > MaxPasswordLength)
            throw new ArgumentException($"The password must have {MinPasswordLength} to {MaxPasswordLength} characters.");
    }

    [GeneratedRegex(@"\A[\p{L}\p{Nd}._@-]{1,64}\z")]
    private static partial Regex AllowedName();
}

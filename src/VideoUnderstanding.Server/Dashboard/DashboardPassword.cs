using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.Server.Dashboard;

/// <summary>The operator's password. Its salted hash is a file of the data folder; without the file there is no dashboard. Read every time, so that a change counts at once.</summary>
public sealed class DashboardPassword(StoredFiles files)
{
    public const int MinLength = 12;
    public const int MaxLength = 200;

    /// <summary>The hasher wants to know whose password it is, and does nothing with it.</summary>
    private const string Operator = "operator";

    /// <summary>PBKDF2 with HMAC-SHA512, 128 bits of salt and the framework's number of rounds.</summary>
    private readonly PasswordHasher<string> _hasher = new();

    private string FilePath => Path.Combine(files.Root, "dashboard-password");

    public bool IsSet => File.Exists(FilePath);

    /// <summary>Changes with the password, and tells nothing about it: a login that was made under another stamp is over. Null without a password.</summary>
    public string? Stamp => Read() is { } hash ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hash))) : null;

    /// <exception cref="ArgumentException">Too short or too long; the message is a sentence.</exception>
    public void Set(string password)
    {
        if (password.Length is < MinLength or > MaxLength)
            throw new ArgumentException($"The password must have {MinLength} to {MaxLength} characters.");
        PrivateFile.Write(FilePath, _hasher.HashPassword(Operator, password));
    }

    /// <summary>Closes the dashboard.</summary>
    public void Remove() => File.Delete(FilePath);

    public bool Fits(string password)
        => password.Length <= MaxLength && Read() is { } hash && _hasher.VerifyHashedPassword(Operator, hash, password) != PasswordVerificationResult.Failed;

    private string? Read()
    {
        try
        {
            return File.ReadAllText(FilePath);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}

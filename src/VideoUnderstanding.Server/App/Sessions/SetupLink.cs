using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.Server.App.Sessions;

/// <summary>The link that creates the first administrator. Its token exists only in memory. It is valid while there is no user.</summary>
public sealed class SetupLink(DataFolder folder)
{
    /// <summary>Path of the page. The token is in the fragment, which browsers do not send and proxies do not log.</summary>
    public const string Page = "/setup";

    private const int TokenBytes = 32;

    private const string FileName = "setup-link";

    private readonly string _token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));

    private string FilePath => Path.Combine(folder.Root, FileName);

    /// <param name="root">Scheme, host and port.</param>
    public string AddressBelow(string root) => $"{root}{Page}#{_token}";

    /// <summary>Compares in constant time.</summary>
    public bool IsToken(string token)
        => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(_token));

    /// <summary>Prints the link on a terminal. If the output is redirected, writes it to a file that only the server's user can
    /// read.</summary>
    /// <param name="root">Scheme, host and port.</param>
    public void Show(string root)
    {
        var link = AddressBelow(root);
        if (!Console.IsOutputRedirected)
        {
            Console.WriteLine($"\nOpen this link once to choose the administrator's password: {link}\n");
            return;
        }
        try
        {
            PrivateFile.Write(FilePath, link + "\n");
            Console.WriteLine($"\nThe link that sets the administrator's password is in the file {FilePath}.\n");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Console.WriteLine($"\nThe link that sets the administrator's password could not be written to {FilePath}: {failure.Message} "
                + "Set the password with: ./vu dashboard password\n");
        }
    }

    /// <summary>Deletes the file after the link was used or has become invalid.</summary>
    public void DeleteFile() => File.Delete(FilePath);
}

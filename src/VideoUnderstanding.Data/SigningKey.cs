using System.Security.Cryptography;

namespace VideoUnderstanding.Data;

/// <summary>The secret that signs addresses handed out to clients. Kept in the data folder, so that links survive a restart.</summary>
public sealed class SigningKey(StoredFiles files)
{
    private const int Length = 32;
    private readonly Lazy<byte[]> _bytes = new(() => ReadOrCreate(Path.Combine(files.Root, "signing-key")));

    /// <summary>HMAC-SHA256 of the text's UTF-8 bytes, lower-case hexadecimal.</summary>
    public string Sign(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(_bytes.Value, System.Text.Encoding.UTF8.GetBytes(text)));

    private static byte[] ReadOrCreate(string path)
    {
        if (!File.Exists(path))
            Create(path);
        var bytes = File.ReadAllBytes(path);
        return bytes.Length == Length ? bytes : throw new InvalidOperationException($"The signing key {path} must have {Length} bytes. Remove it to have a new one made.");
    }

    private static void Create(string path)
    {
        try
        {
            PrivateFile.Write(path, RandomNumberGenerator.GetBytes(Length), overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another server on the same folder was quicker.
        }
    }
}

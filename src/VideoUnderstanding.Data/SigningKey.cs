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
        // Written beside and moved: another server on the same folder sees all of it or nothing.
        var unfinished = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(unfinished, options))
            file.Write(RandomNumberGenerator.GetBytes(Length));
        try
        {
            File.Move(unfinished, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(unfinished);
        }
    }
}

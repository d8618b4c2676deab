using System.Text;

namespace VideoUnderstanding.Data;

/// <summary>Writes files that only the server's user can read. They appear whole or not at all, also when the machine stops: an empty key
/// would shut its owner out.</summary>
public static class PrivateFile
{
    public const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Of a folder that only the server's user can look into.</summary>
    public const UnixFileMode FolderMode = Mode | UnixFileMode.UserExecute;

    /// <summary>Opens a file for writing, without a buffer. Only the server's user can read it.</summary>
    public static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions
        {
            Mode = mode, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0, Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Mode;
        return new FileStream(path, options);
    }

    /// <summary>Makes a folder that only the server's user can look into. One that is there already is closed to others.</summary>
    /// <returns>Its absolute path.</returns>
    public static string Folder(string path)
    {
        if (OperatingSystem.IsWindows())
            return Directory.CreateDirectory(path).FullName;
        var folder = Directory.CreateDirectory(path, FolderMode);
        if ((folder.UnixFileMode & ~FolderMode) != 0)
            folder.UnixFileMode &= FolderMode;
        return folder.FullName;
    }

    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text), overwrite: true);

    /// <exception cref="IOException">The file is there already and is not to be overwritten, or can not be written. Nothing is left beside
    /// it.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, bool overwrite)
    {
        var unfinished = $"{path}.{Guid.NewGuid():N}";
        try
        {
            using (var file = Open(unfinished, FileMode.CreateNew))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(unfinished, path, overwrite);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }
}

using System.Text;

namespace VideoUnderstanding.Data;

/// <summary>Writes files atomically that only the server's user can read. A partly written key would lock out its owner.</summary>
public static class PrivateFile
{
    public const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Mode of folders that only the server's user can access.</summary>
    public const UnixFileMode FolderMode = Mode | UnixFileMode.UserExecute;

    /// <summary>Opens a file for unbuffered writing. Only the server's user can read it.</summary>
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

    /// <summary>Creates a folder that only the server's user can access. Removes the permissions of others from an existing one.</summary>
    /// <returns>The absolute path.</returns>
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

    /// <exception cref="IOException">The file exists and must not be overwritten, or cannot be written. No temporary file is
    /// left.</exception>
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

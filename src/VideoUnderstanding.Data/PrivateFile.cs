using System.Text;

namespace VideoUnderstanding.Data;

/// <summary>Writes files that only the server's user can read. They appear whole or not at all, also when the machine stops: an empty key would shut its owner out.</summary>
public static class PrivateFile
{
    public const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Of a folder that only the server's user can look into.</summary>
    public const UnixFileMode FolderMode = Mode | UnixFileMode.UserExecute;

    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text), overwrite: true);

    /// <exception cref="IOException">The file is there already and is not to be overwritten, or can not be written. Nothing is left beside it.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, bool overwrite)
    {
        var unfinished = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Mode;
        try
        {
            using (var file = new FileStream(unfinished, options))
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

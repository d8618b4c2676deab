using System.Diagnostics;

namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary>A folder that can run out of space. If the test may mount file systems, the folder is a small file system that is filled to the
/// last byte. Otherwise the processes that write to it get a file size limit of one byte, so that every write fails.</summary>
internal sealed class LimitedDisk : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vu-disk-").FullName;
    private readonly bool _isMounted;

    private LimitedDisk(int megabytes, bool mount)
    {
        File.SetUnixFileMode(_root, File.GetUnixFileMode(_root) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Directory.CreateDirectory(Folder);
        _isMounted = mount && Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=755", "tmpfs", Folder);
    }

    public string Folder => Path.Combine(_root, "disk");

    private string FillPath => Path.Combine(Folder, "ballast");

    public static LimitedDisk Create(int megabytes) => new(megabytes, mount: true);

    public static LimitedDisk CreateByLimit() => new(0, mount: false);

    public void Fill(ServeProcess server)
    {
        if (!_isMounted)
        {
            Limit(server, "1");
            return;
        }
        using var ballast = new FileStream(FillPath, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var block = new byte[1 << 20]; block.Length > 0;)
        {
            try
            {
                ballast.Write(block);
            }
            catch (IOException)
            {
                block = new byte[block.Length / 2];
            }
        }
    }

    public void FreeSpace(ServeProcess server)
    {
        if (_isMounted)
            File.Delete(FillPath);
        else
            Limit(server, "unlimited");
    }

    public ValueTask DisposeAsync()
    {
        // A lazy unmount, because processes of a killed database may still use the folder.
        if (_isMounted)
            Run("umount", "--lazy", Folder);
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static void Limit(ServeProcess server, string bytes)
    {
        List<int> writers = [server.Id];
        if (server.DatabaseId is { } database)
            writers.AddRange([database, .. Processes.Below(database).Select(process => process.Id)]);
        foreach (var writer in writers)
            Run("prlimit", $"--pid={writer}", $"--fsize={bytes}:");
    }

    private static bool Run(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

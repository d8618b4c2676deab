namespace VideoUnderstanding.Media.Tools;

/// <summary>Looks programs up as a shell does.</summary>
internal static class Executables
{
    /// <summary>True when the name, searched in PATH, or the path leads to a file that may be run.</summary>
    public static bool Has(string tool)
        => tool.Contains('/')
            ? MayRun(tool)
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
                .Any(folder => MayRun(Path.Combine(folder, tool)));

    private static bool MayRun(string path)
        => File.Exists(path)
            && (OperatingSystem.IsWindows()
                || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}

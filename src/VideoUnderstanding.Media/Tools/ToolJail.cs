namespace VideoUnderstanding.Media.Tools;

/// <summary>
/// What a tool that reads strangers' files may use. Besides, as far as the machine allows (<see cref="JailMeans"/>): no network, no file
/// written, few variables of the environment, the root as its folder, lower priority.
/// </summary>
/// <param name="AddressSpaceBytes">Memory that it may map; a request beyond it fails inside the tool.</param>
/// <param name="CpuTime">Time on all processors together, whole seconds.</param>
public sealed record ToolJail(long AddressSpaceBytes, TimeSpan CpuTime)
{
    // A tool that takes the first signal for a wish to end has this much more time to do so.
    private const int GraceSeconds = 30;

    // The file, the pipes, and what the loader opens one after the other.
    private const int MaxOpenFiles = 64;

    // A processor's time limit is told by SIGXCPU, 24 on all kinds of machines that .NET runs on. CallFilter keeps tools from catching it.
    internal const int CpuSignal = 24;

    internal static bool SpentItsTime(int exitCode) => exitCode == 128 + CpuSignal;

    /// <summary>The program and its arguments, behind those that take things away and then become the program: the process keeps its
    /// number, exit code and pipes.</summary>
    internal IReadOnlyList<string> Wrap(ToolCommand command, JailMeans means, bool lowPriority)
        => [.. means.Network, .. means.HasLimits ? Limits() : [], .. lowPriority ? means.Priority : [], .. means.Privileges, .. means.Calls,
            command.Tool, .. command.Arguments];

    /// <summary>The few variables that a jailed tool sees.</summary>
    internal static Dictionary<string, string?> Environment(IDictionary<string, string?> own)
    {
        // A glibc heap for each thread would reserve 64 MB of address space.
        var few = new Dictionary<string, string?> { ["LC_ALL"] = "C.UTF-8", ["MALLOC_ARENA_MAX"] = "2" };
        foreach (var name in (string[])["PATH", "LD_LIBRARY_PATH"])
            if (own.TryGetValue(name, out var value))
                few[name] = value;
        return few;
    }

    private string[] Limits()
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(CpuTime.TotalSeconds));
        // fsize 0: pipes can be written, files can not.
        return ["prlimit", $"--as={AddressSpaceBytes}", $"--cpu={seconds}:{seconds + GraceSeconds}", "--fsize=0", "--core=0",
            $"--nofile={MaxOpenFiles}"];
    }
}

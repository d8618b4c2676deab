namespace VideoUnderstanding.Media.Tools;

/// <summary>Limits for a tool that reads untrusted files. In addition, as far as the machine allows (<see cref="SandboxFeatures"/>): no
/// network, no writing of files, few environment variables, <c>/</c> as working folder, lower priority.</summary>
/// <param name="AddressSpaceBytes">Maximum address space; an allocation beyond it fails inside the tool.</param>
/// <param name="CpuTime">Processor time, rounded up to whole seconds.</param>
public sealed record ToolSandbox(long AddressSpaceBytes, TimeSpan CpuTime)
{
    // Additional seconds between the soft and the hard limit, for a tool that ends itself at the first signal.
    private const int GraceSeconds = 30;

    // The input, the pipes, and the files that the loader opens one after the other.
    private const int MaxOpenFiles = 64;

    // SIGXCPU, 24 on all architectures of .NET. CallFilter keeps tools from catching it.
    internal const int CpuSignal = 24;

    internal static bool ExceededCpuTime(int exitCode) => exitCode == 128 + CpuSignal;

    /// <summary>Prefixes the command with the programs that apply the restrictions. Each replaces itself by the next, so the process keeps
    /// its number, exit code and pipes.</summary>
    internal IReadOnlyList<string> Wrap(ToolCommand command, SandboxFeatures features, bool lowPriority)
        => [.. features.Network, .. features.HasLimits ? Limits() : [], .. lowPriority ? features.Priority : [], .. features.Privileges,
            .. features.Calls, command.Tool, .. command.Arguments];

    /// <summary>The environment variables of a tool in the sandbox.</summary>
    internal static Dictionary<string, string?> Environment(IDictionary<string, string?> own)
    {
        // A glibc heap for each thread would reserve 64 MB of address space.
        var environment = new Dictionary<string, string?> { ["LC_ALL"] = "C.UTF-8", ["MALLOC_ARENA_MAX"] = "2" };
        foreach (var name in (string[])["PATH", "LD_LIBRARY_PATH"])
            if (own.TryGetValue(name, out var value))
                environment[name] = value;
        return environment;
    }

    private string[] Limits()
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(CpuTime.TotalSeconds));
        // fsize 0: pipes can be written, files cannot.
        return ["prlimit", $"--as={AddressSpaceBytes}", $"--cpu={seconds}:{seconds + GraceSeconds}", "--fsize=0", "--core=0",
            $"--nofile={MaxOpenFiles}"];
    }
}

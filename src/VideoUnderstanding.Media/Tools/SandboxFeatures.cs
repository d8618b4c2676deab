using System.Reflection;

namespace VideoUnderstanding.Media.Tools;

/// <summary>The sandbox features of this machine, each as the command prefix that applies it. Empty if it is not allowed or its program is
/// missing.</summary>
/// <param name="Network">Runs the tool in an empty network namespace.</param>
/// <param name="Privileges">Drops the rights of root and all ways to new ones.</param>
/// <param name="Calls">Forbids sockets, signals to other processes and their inspection (seccomp), and changes to the file system
/// (Landlock, if the kernel has it).</param>
/// <param name="Priority">Lowers the priority on processor and disk.</param>
/// <param name="HasLimits">True if memory, processor time and files can be limited.</param>
public sealed record SandboxFeatures(IReadOnlyList<string> Network, IReadOnlyList<string> Privileges, IReadOnlyList<string> Calls,
    IReadOnlyList<string> Priority, bool HasLimits)
{
    private static readonly string[] None = [];

    // Each takes milliseconds. A generous limit, because a timeout on a busy machine would weaken the sandbox.
    private static readonly ToolLimits TrialLimits = new() { Time = TimeSpan.FromMinutes(1), MaxOutputBytes = 4096 };

    // Blocks, because processes are started synchronously.
    private static readonly Lazy<SandboxFeatures> Detected = new(() => Task.Run(FindAsync).GetAwaiter().GetResult());

    /// <summary>Detected once, by running small programs.</summary>
    public static SandboxFeatures OfThisMachine => Detected.Value;

    /// <summary>True if a tool in the sandbox cannot reach other machines.</summary>
    public bool BlocksNetwork => Network.Count > 0 || Calls.Count > 0;

    public override string ToString()
    {
        var network = Network.Count > 0
            ? "no network (a namespace of its own" + (Calls.Count > 0 ? ", and no sockets)" : ")")
            : Calls.Count > 0 ? "no sockets (seccomp; a network namespace is not allowed here)"
                : "the network is NOT cut off: neither a namespace nor seccomp is allowed here";
        return $"{network}; {(HasLimits ? "memory and processor time are limited"
            : "memory and processor time are NOT limited: prlimit of util-linux is missing")}";
    }

    private static async Task<SandboxFeatures> FindAsync()
    {
        if (!OperatingSystem.IsLinux())
            return new(None, None, None, None, false);
        var network = await FindNetworkAsync().ConfigureAwait(false);
        var privileges = await FirstAsync(network, ["true"],
            // Root may still read files of other users: the input may be such a file.
            ["setpriv", "--no-new-privs", "--bounding-set=-all,+dac_read_search", "--inh-caps=-all"], ["setpriv", "--no-new-privs"])
            .ConfigureAwait(false);
        string[][] calls = CallFilter.ForThisMachine() is { } filter
            ? [["perl", "-e", Script(), filter.ControlCall.ToString(System.Globalization.CultureInfo.InvariantCulture),
                Convert.ToHexString(filter.Program)]]
            : [];
        return new(network, privileges,
            // Tests that a socket is refused, not only that the filter was installed. Numbers: AF_UNIX, SOCK_STREAM.
            await FirstAsync([.. network, .. privileges], ["perl", "-e", "exit(socket(my $s, 1, 1, 0) ? 1 : 0)"], calls)
                .ConfigureAwait(false),
            [.. await FirstAsync([], ["true"], ["nice", "-n", "10"]).ConfigureAwait(false),
                .. await FirstAsync([], ["true"], ["ionice", "-c", "2", "-n", "7"]).ConfigureAwait(false)],
            (await FirstAsync([], ["true"], ["prlimit", "--as=1073741824", "--cpu=60:90", "--fsize=0", "--core=0", "--nofile=64"])
                .ConfigureAwait(false)).Length > 0);
    }

    private static async Task<string[]> FindNetworkAsync()
    {
        string[] command = ["readlink", "/proc/self/ns/net"];
        var own = await TryRunAsync(command).ConfigureAwait(false);
        // The first needs root; the second a kernel that lets users create namespaces, which most containers forbid.
        foreach (var words in (string[][])[["unshare", "--net"], ["unshare", "--user", "--net"]])
            if (await TryRunAsync([.. words, .. command]).ConfigureAwait(false) is { Length: > 0 } other && other != own)
                return words;
        return None;
    }

    private static async Task<string[]> FirstAsync(string[] before, string[] trial, params string[][] choices)
    {
        foreach (var words in choices)
            if (await TryRunAsync([.. before, .. words, .. trial]).ConfigureAwait(false) is not null)
                return words;
        return None;
    }

    private static async Task<string?> TryRunAsync(string[] words)
    {
        try
        {
            var output = await ToolProcess.RunAsync(words[0], words[1..], TrialLimits, CancellationToken.None).ConfigureAwait(false);
            return output.Text.Trim();
        }
        catch (ToolException)
        {
            return null;
        }
    }

    private static string Script()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("sandbox.pl")!);
        return reader.ReadToEnd();
    }
}

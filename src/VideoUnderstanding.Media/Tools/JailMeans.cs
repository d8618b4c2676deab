using System.Reflection;

namespace VideoUnderstanding.Media.Tools;

/// <summary>What this machine allows for a jail, each as the words that stand before the command. Empty: not allowed, or the program for it
/// is missing.</summary>
/// <param name="Network">Gives the tool a network of its own that has nothing in it.</param>
/// <param name="Privileges">Takes the rights of root, and all ways to new ones.</param>
/// <param name="Calls">Forbids sockets, signals to others and looking into them (seccomp), and changes to the file system (Landlock, where
/// the kernel has it).</param>
/// <param name="Priority">Gives way to others on processor and disk.</param>
/// <param name="HasLimits">True when memory, processor time and files can be limited.</param>
public sealed record JailMeans(IReadOnlyList<string> Network, IReadOnlyList<string> Privileges, IReadOnlyList<string> Calls,
    IReadOnlyList<string> Priority, bool HasLimits)
{
    private static readonly string[] Never = [];

    // Each takes milliseconds. A machine that is busy at its start must not end up with half a jail.
    private static readonly ToolLimits Patience = new() { Time = TimeSpan.FromMinutes(1), MaxOutputBytes = 4096 };

    // Looked at by the first to ask; the process has to be started synchronously then, so this waits.
    private static readonly Lazy<JailMeans> Found = new(() => Task.Run(FindAsync).GetAwaiter().GetResult());

    /// <summary>Tried once, by running small programs.</summary>
    public static JailMeans OfThisMachine => Found.Value;

    /// <summary>True when a jailed tool can reach no other machine.</summary>
    public bool CutsOffNetwork => Network.Count > 0 || Calls.Count > 0;

    public override string ToString()
    {
        var network = Network.Count > 0
            ? "no network (a namespace of its own" + (Calls.Count > 0 ? ", and no sockets)" : ")")
            : Calls.Count > 0 ? "no sockets (seccomp; a network namespace is not allowed here)"
                : "the network is NOT cut off: neither a namespace nor seccomp is allowed here";
        return $"{network}; {(HasLimits ? "memory and processor time are limited"
            : "memory and processor time are NOT limited: prlimit of util-linux is missing")}";
    }

    private static async Task<JailMeans> FindAsync()
    {
        if (!OperatingSystem.IsLinux())
            return new(Never, Never, Never, Never, false);
        var network = await FindNetworkAsync().ConfigureAwait(false);
        var privileges = await FirstAsync(network, ["true"],
            // Root may still read what others own: the file to be read may be theirs.
            ["setpriv", "--no-new-privs", "--bounding-set=-all,+dac_read_search", "--inh-caps=-all"], ["setpriv", "--no-new-privs"])
            .ConfigureAwait(false);
        string[][] calls = CallFilter.ForThisMachine() is { } filter
            ? [["perl", "-e", Script(), filter.ControlCall.ToString(System.Globalization.CultureInfo.InvariantCulture),
                Convert.ToHexString(filter.Program)]]
            : [];
        return new(network, privileges,
            // Shows that a socket is refused, not only that the filter was taken. Numbers: AF_UNIX, SOCK_STREAM.
            await FirstAsync([.. network, .. privileges], ["perl", "-e", "exit(socket(my $s, 1, 1, 0) ? 1 : 0)"], calls)
                .ConfigureAwait(false),
            [.. await FirstAsync([], ["true"], ["nice", "-n", "10"]).ConfigureAwait(false),
                .. await FirstAsync([], ["true"], ["ionice", "-c", "2", "-n", "7"]).ConfigureAwait(false)],
            (await FirstAsync([], ["true"], ["prlimit", "--as=1073741824", "--cpu=60:90", "--fsize=0", "--core=0", "--nofile=64"])
                .ConfigureAwait(false)).Length > 0);
    }

    private static async Task<string[]> FindNetworkAsync()
    {
        string[] look = ["readlink", "/proc/self/ns/net"];
        var own = await AnswerAsync(look).ConfigureAwait(false);
        // The first needs the rights of root; the second a kernel that lets users make namespaces, which most containers forbid.
        foreach (var words in (string[][])[["unshare", "--net"], ["unshare", "--user", "--net"]])
            if (await AnswerAsync([.. words, .. look]).ConfigureAwait(false) is { Length: > 0 } other && other != own)
                return words;
        return Never;
    }

    private static async Task<string[]> FirstAsync(string[] before, string[] trial, params string[][] choices)
    {
        foreach (var words in choices)
            if (await AnswerAsync([.. before, .. words, .. trial]).ConfigureAwait(false) is not null)
                return words;
        return Never;
    }

    private static async Task<string?> AnswerAsync(string[] words)
    {
        try
        {
            return (await ToolProcess.RunAsync(words[0], words[1..], Patience, CancellationToken.None).ConfigureAwait(false)).Text.Trim();
        }
        catch (ToolException)
        {
            return null;
        }
    }

    private static string Script()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("jail.pl")!);
        return reader.ReadToEnd();
    }
}

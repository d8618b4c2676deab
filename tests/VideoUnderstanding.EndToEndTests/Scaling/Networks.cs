using VideoUnderstanding.Media;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.EndToEndTests.Scaling;

/// <summary>A network that joins several machines.</summary>
internal enum Net
{
    /// <summary>Leads to the databases.</summary>
    Data,

    /// <summary>Leads to the store of the files.</summary>
    Files,

    /// <summary>Leads to clients, receivers of webhooks and other web servers.</summary>
    Front,
}

/// <summary>How a machine loses a network.</summary>
internal enum Cut
{
    /// <summary>The interface loses its carrier, as if the cable were pulled.</summary>
    Cable,

    /// <summary>Packets are dropped without an error on either side, as if a device between them failed.</summary>
    Silent,
}

/// <summary>
/// Network namespaces on this machine, which simulate machines. A bridge per network joins them, in a namespace of its own.
/// The test itself is in all networks. Needs root and the package iproute2. Addresses are from 198.18.0.0/15, which is
/// reserved for tests of networks (RFC 2544).
/// </summary>
internal sealed class Networks : IAsyncDisposable
{
    /// <summary>Maximum simultaneous runs on one machine. Each run has its own third octet of the addresses of each network.</summary>
    private const int Slots = 60;

    private readonly int _slot;
    private readonly List<string> _namespaces;

    private Networks(int slot) => (_slot, _namespaces) = (slot, [NameOf(slot, "hub")]);

    private string Hub => _namespaces[0];

    /// <summary>Returns null if namespaces can be made here, otherwise the reason why not.</summary>
    public static async Task<string?> FindObstacleAsync()
    {
        if (!Environment.IsPrivilegedProcess)
            return "Only root can make network namespaces.";
        var name = $"vu-probe-{Environment.ProcessId}";
        try
        {
            await RunAsync("ip", "netns", "add", name);
            await RunAsync("ip", "-n", name, "link", "add", "probe", "type", "bridge");
            return null;
        }
        catch (ToolException refused) when (refused.ExitCode is not null)
        {
            // A missing program is an error in the test setup and is not caught.
            return $"Network namespaces cannot be made here: {refused.ErrorTail}";
        }
        finally
        {
            await RunAsync("sh", "-c", $"ip netns del {name} 2>&1 || true");
        }
    }

    public static async Task<Networks> CreateAsync()
    {
        for (var slot = 0; slot < Slots; slot++)
        {
            try
            {
                // Fails if another test uses the name.
                await RunAsync("ip", "netns", "add", NameOf(slot, "hub"));
            }
            catch (ToolException) when (slot < Slots - 1)
            {
                continue;
            }
            var networks = new Networks(slot);
            foreach (var net in Enum.GetValues<Net>())
            {
                await RunAsync("ip", "-n", networks.Hub, "link", "add", NameOf(net), "type", "bridge");
                await RunAsync("ip", "-n", networks.Hub, "link", "set", NameOf(net), "up");
                await networks.ConnectAsync(net, 1, $"vu{slot}{NameOf(net)}", $"{Environment.ProcessId}", []);
            }
            return networks;
        }
        throw new InvalidOperationException("All addresses of the tests are in use. ip netns list shows the namespaces of killed tests.");
    }

    /// <summary>Address of the test itself.</summary>
    public string OwnAddress(Net net) => AddressOf(net, 1);

    public string AddressOf(Net net, int number) => $"198.18.{(_slot * 4) + (int)net}.{number}";

    /// <param name="number">Last octet of its addresses, from 2.</param>
    public async Task<Machine> AddMachineAsync(string name, int number, params Net[] nets)
    {
        var space = NameOf(_slot, name);
        await RunAsync("ip", "netns", "add", space);
        _namespaces.Add(space);
        await RunAsync("ip", "-n", space, "link", "set", "lo", "up");
        foreach (var net in nets)
            await ConnectAsync(net, number, NameOf(net), space, ["-n", space]);
        return new Machine(this, name, number, space);
    }

    public Task CutAsync(Machine machine, Net net, Cut cut) => cut == Cut.Cable
        ? RunAsync("ip", "-n", Hub, "link", "set", PortOf(net, machine.Number), "down")
        : RunAsync("bridge", "-n", Hub, "link", "set", "dev", PortOf(net, machine.Number), "state", "0");

    public async Task JoinAsync(Machine machine, Net net)
    {
        await RunAsync("ip", "-n", Hub, "link", "set", PortOf(net, machine.Number), "up");
        // 3: the bridge forwards again.
        await RunAsync("bridge", "-n", Hub, "link", "set", "dev", PortOf(net, machine.Number), "state", "3");
    }

    /// <summary>Removes all namespaces. Their processes must have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        // Interfaces of a namespace, and their other ends, disappear with it.
        foreach (var space in Enumerable.Reverse(_namespaces))
            await RunAsync("ip", "netns", "del", space);
    }

    /// <param name="space">Name of a namespace, or a process in it.</param>
    private async Task ConnectAsync(Net net, int number, string inside, string space, string[] there)
    {
        await RunAsync("ip", "-n", Hub, "link", "add", PortOf(net, number), "type", "veth", "peer", "name", inside, "netns", space);
        await RunAsync("ip", "-n", Hub, "link", "set", PortOf(net, number), "master", NameOf(net), "up");
        await RunAsync("ip", [.. there, "addr", "add", $"{AddressOf(net, number)}/24", "dev", inside]);
        await RunAsync("ip", [.. there, "link", "set", inside, "up"]);
    }

    private static string NameOf(int slot, string name) => $"vu-test-{slot}-{name}";

    private static string NameOf(Net net) => net.ToString().ToLowerInvariant();

    /// <summary>Name of the interface in the hub.</summary>
    private static string PortOf(Net net, int number) => $"{NameOf(net)}{number}";

    private static Task RunAsync(string tool, params string[] arguments)
        => ToolProcess.RunAsync(tool, arguments, new ToolLimits(), CancellationToken.None);
}

/// <summary>A network namespace that simulates a machine.</summary>
/// <param name="Number">Last octet of its addresses.</param>
/// <param name="Space">Name of the namespace.</param>
internal sealed record Machine(Networks Networks, string Name, int Number, string Space)
{
    /// <summary>Start of a command line that runs the rest on this machine. The process keeps its id.</summary>
    public string[] Launcher => ["nsenter", $"--net=/run/netns/{Space}"];

    public string AddressIn(Net net) => Networks.AddressOf(net, Number);
}

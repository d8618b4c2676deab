using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VideoUnderstanding.Operations.Cli;

namespace VideoUnderstanding.Server.Cli;

/// <summary>The addresses on which a server is to listen.</summary>
internal static class ListenAddresses
{
    /// <summary>Tries every port before anything is started: the host would report an occupied one with pages of stack traces, after the
    /// database has started.</summary>
    /// <exception cref="CommandFailure">A port is occupied, or the user may not use it.</exception>
    public static void RequireFree(IConfiguration configuration)
    {
        foreach (var address in Of(configuration))
        {
            try
            {
                using var listener = new TcpListener(AddressOf(address.Host), address.Port);
                listener.Start();
            }
            catch (SocketException refused) when (refused.SocketErrorCode
                is SocketError.AddressAlreadyInUse or SocketError.AccessDenied or SocketError.AddressNotAvailable)
            {
                throw Refused(address.ToString(), refused.Message);
            }
            catch (SocketException)
            {
                // Kestrel may listen in another way, and says why if it cannot.
            }
        }
    }

    public static CommandFailure Refused(string address, string why)
        => new($"The server cannot listen on {address}: {why}. Choose another address with --urls=http://127.0.0.1:PORT or "
            + "ASPNETCORE_URLS.");

    /// <summary>The address under which a browser on this machine reaches the server.</summary>
    /// <param name="url">Where it listens. The host may stand for all addresses.</param>
    public static string Local(string url)
    {
        var address = BindingAddress.Parse(url);
        return IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any)
            ? url.TrimEnd('/')
            : string.Create(CultureInfo.InvariantCulture, $"{address.Scheme}://localhost:{address.Port}");
    }

    /// <summary>Without endpoints that only Kestrel knows, sockets in the file system, and ports that the system chooses.</summary>
    private static IEnumerable<BindingAddress> Of(IConfiguration configuration)
    {
        var urls = configuration["urls"] is { Length: > 0 } given ? given
            : string.Join(';', PortsOf(configuration, "http").Concat(PortsOf(configuration, "https")));
        return urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Parse)
            .Where(address => address is { IsUnixPipe: false, IsNamedPipe: false, Port: > 0 });
    }

    private static IEnumerable<string> PortsOf(IConfiguration configuration, string scheme)
        => (configuration[$"{scheme}_ports"] ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(port => string.Create(CultureInfo.InvariantCulture, $"{scheme}://*:{port}"));

    private static BindingAddress Parse(string url)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (FormatException malformed)
        {
            throw new CommandFailure($"{url} is no address to listen on: {malformed.Message}");
        }
    }

    /// <summary>As Kestrel reads a host: what is no address of this machine stands for all.</summary>
    private static IPAddress AddressOf(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(host, out var address) ? address
        : IPAddress.Any;
}

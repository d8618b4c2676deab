using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VideoUnderstanding.Operations.Cli;

namespace VideoUnderstanding.Server.Cli;

/// <summary>Checks the addresses on which the server will listen.</summary>
internal static class ListenAddresses
{
    /// <summary>Opens and closes each port before the database starts. Otherwise the host would report an occupied port late and with long
    /// stack traces.</summary>
    /// <exception cref="CommandFailure">A port is in use, or the user may not open it.</exception>
    public static void RequireFree(IConfiguration configuration)
    {
        foreach (var address in ReadAddresses(configuration))
        {
            try
            {
                using var listener = new TcpListener(ToIPAddress(address.Host), address.Port);
                listener.Start();
            }
            catch (SocketException failure) when (failure.SocketErrorCode
                is SocketError.AddressAlreadyInUse or SocketError.AccessDenied or SocketError.AddressNotAvailable)
            {
                throw CreateFailure(address.ToString(), failure.Message);
            }
            catch (SocketException)
            {
                // Kestrel may still be able to listen, and reports the reason if it cannot.
            }
        }
    }

    public static CommandFailure CreateFailure(string address, string why)
        => new($"The server cannot listen on {address}: {why}. Choose another address with --urls=http://127.0.0.1:PORT or "
            + "ASPNETCORE_URLS.");

    /// <summary>Returns the address for a browser on this machine.</summary>
    /// <param name="url">Address on which the server listens. The host may be a wildcard.</param>
    public static string LocalAddress(string url)
    {
        var address = BindingAddress.Parse(url);
        return IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any)
            ? url.TrimEnd('/')
            : string.Create(CultureInfo.InvariantCulture, $"{address.Scheme}://localhost:{address.Port}");
    }

    /// <summary>Excludes Kestrel endpoints, Unix sockets, named pipes, and ports chosen by the system.</summary>
    private static IEnumerable<BindingAddress> ReadAddresses(IConfiguration configuration)
    {
        var urls = configuration["urls"] is { Length: > 0 } given ? given
            : string.Join(';', ReadPorts(configuration, "http").Concat(ReadPorts(configuration, "https")));
        return urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Parse)
            .Where(address => address is { IsUnixPipe: false, IsNamedPipe: false, Port: > 0 });
    }

    private static IEnumerable<string> ReadPorts(IConfiguration configuration, string scheme)
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
            throw new CommandFailure($"{url} is not a valid listen address: {malformed.Message}");
        }
    }

    /// <summary>Follows Kestrel: a host that is not an IP address or localhost means all addresses.</summary>
    private static IPAddress ToIPAddress(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(host, out var address) ? address
        : IPAddress.Any;
}

using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>
/// Opens the connections of a fetch. The name is resolved here, every address is judged, and the connection goes to the very address that
/// was judged: a name that answers differently the second time gains nothing.
/// </summary>
public sealed class GuardedConnections(IOptions<FetchingOptions> options, ResolveHost resolve)
{
    private const int MaxHeaderKilobytes = 32;
    private const int MaxDrainBytes = 16 * 1024;

    private readonly IPNetwork[] _allowed = [.. options.Value.AllowedNetworks.Select(IPNetwork.Parse)];

    /// <summary>The handler of every client that asks an address that a user gave.</summary>
    public SocketsHttpHandler NewHandler() => new()
    {
        ConnectCallback = ConnectAsync,
        // Followed by hand, where they are followed at all: each address is looked at before it is asked.
        AllowAutoRedirect = false,
        // A proxy would resolve the name itself, out of reach of the check.
        UseProxy = false,
        UseCookies = false,
        // What unpacks to a thousand times its size stays packed, and is then no video.
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = MaxHeaderKilobytes,
        MaxResponseDrainSize = MaxDrainBytes,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        // A name that leads elsewhere now is looked up again, and checked again.
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    };

    public bool Allows(IPAddress address)
        => options.Value.AllowPrivateNetworks || PublicAddresses.Contains(address)
            || _allowed.Any(network => network.Contains(PublicAddresses.Unwrap(address)));

    /// <exception cref="FetchException">The name leads to no address that may be fetched from, or none answers.</exception>
    public ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
        => ConnectAsync(context, Allows, cancellationToken);

    /// <summary>For hosts that the settings name and put their trust in: no address is refused.</summary>
    /// <exception cref="FetchException">The name leads to no address, or none answers.</exception>
    public ValueTask<Stream> ConnectAnywhereAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
        => ConnectAsync(context, _ => true, cancellationToken);

    private async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, Func<IPAddress, bool> allows, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = await ResolveAsync(host, cancellationToken);
        // One forbidden address among good ones is a trick or a mistake; either way the name is not to be trusted.
        if (addresses.Length == 0 || !addresses.All(allows))
            throw new FetchException($"The host {host} is not on the public internet.");
        SocketException? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException exception)
            {
                socket.Dispose();
                last = exception;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw new FetchException($"The host {host} does not answer.", inner: last, mayPass: true);
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal))
            return [literal];
        try
        {
            return await resolve(host, cancellationToken);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            throw new FetchException($"The host {host} is not known.", inner: exception,
                mayPass: exception is SocketException { SocketErrorCode: SocketError.TryAgain });
        }
    }
}

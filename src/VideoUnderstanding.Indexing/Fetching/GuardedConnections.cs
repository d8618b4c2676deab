using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>Resolves a host name. Tests replace the system's resolver.</summary>
public delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken cancellationToken);

/// <summary>
/// Opens connections for downloads and prevents server-side request forgery. Resolves the name, checks every address, and connects to a
/// checked address, so that DNS rebinding has no effect.
/// </summary>
public sealed class GuardedConnections(IOptions<FetchingOptions> options, ResolveHost resolve)
{
    private const int MaxHeaderKilobytes = 32;
    private const int MaxDrainBytes = 16 * 1024;

    private readonly IPNetwork[] _allowed = [.. options.Value.AllowedNetworks.Select(IPNetwork.Parse)];

    /// <summary>Creates the handler for all clients that connect to user-provided URLs.</summary>
    public SocketsHttpHandler NewHandler() => new()
    {
        ConnectCallback = ConnectAsync,
        // Callers follow redirects, because each target must be checked.
        AllowAutoRedirect = false,
        // A proxy would resolve the name itself, without the check.
        UseProxy = false,
        UseCookies = false,
        // Prevents decompression bombs: compressed content is not decompressed and is then no valid video.
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = MaxHeaderKilobytes,
        MaxResponseDrainSize = MaxDrainBytes,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        // Resolves and checks the name again after this time.
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    };

    public bool Allows(IPAddress address)
        => options.Value.AllowPrivateNetworks || PublicAddresses.Contains(address)
            || _allowed.Any(network => network.Contains(PublicAddresses.Unwrap(address)));

    /// <exception cref="FetchException">The name resolves to no allowed address, or no address accepts the connection.</exception>
    public ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
        => ConnectAsync(context, Allows, cancellationToken);

    /// <summary>Connects without address checks, for hosts from the settings.</summary>
    /// <exception cref="FetchException">The name cannot be resolved, or no address accepts the connection.</exception>
    public ValueTask<Stream> ConnectUnrestrictedAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
        => ConnectAsync(context, _ => true, cancellationToken);

    private async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, Func<IPAddress, bool> allows, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = await ResolveAsync(host, cancellationToken);
        // Rejects the host if any of its addresses is not allowed.
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
        throw new FetchException($"The host {host} does not answer.", inner: last, isTransient: true);
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
                isTransient: exception is SocketException { SocketErrorCode: SocketError.TryAgain });
        }
    }
}

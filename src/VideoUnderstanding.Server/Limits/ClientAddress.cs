using System.Net;
using System.Net.Sockets;

namespace VideoUnderstanding.Server.Limits;

/// <summary>The key under which the requests of a client address are counted.</summary>
public static class ClientAddress
{
    private const int BytesOfNetwork = 8;

    /// <summary>The IPv4 address, or the /64 network of an IPv6 address, because a client usually controls the whole network.</summary>
    public static string NameOf(HttpContext context) => context.Connection.RemoteIpAddress is { } address ? NameOf(address) : "unknown";

    public static string NameOf(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexStringLower(plain.GetAddressBytes()[..BytesOfNetwork])
            : plain.ToString();
    }
}

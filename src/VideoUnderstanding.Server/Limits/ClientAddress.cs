using System.Net;
using System.Net.Sockets;

namespace VideoUnderstanding.Server.Limits;

/// <summary>Under which name an address is counted.</summary>
public static class ClientAddress
{
    private const int BytesOfNetwork = 8;

    /// <summary>An IPv4 address, or the /64 of an IPv6 address: whoever has one address of such a network has all of them.</summary>
    public static string NameOf(HttpContext context) => context.Connection.RemoteIpAddress is { } address ? NameOf(address) : "unknown";

    public static string NameOf(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexStringLower(plain.GetAddressBytes()[..BytesOfNetwork])
            : plain.ToString();
    }
}

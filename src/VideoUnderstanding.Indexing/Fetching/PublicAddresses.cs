using System.Net;
using System.Net.Sockets;

namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>
/// Detects addresses of the public internet. Source: the IANA special-purpose address registries for IPv4 and IPv6, and 168.63.129.16,
/// a public address that Azure uses for internal services.
/// </summary>
public static class PublicAddresses
{
    private static readonly IPNetwork[] ReservedV4 = [.. new[]
    {
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",
    }.Select(IPNetwork.Parse)];

    /// <summary>Global unicast is 2000::/3; these ranges in it are reserved: protocol assignments with Teredo, documentation,
    /// 6to4.</summary>
    private static readonly IPNetwork[] ReservedV6 = [
        .. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20" }.Select(IPNetwork.Parse)];

    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    public static bool Contains(IPAddress address) => Unwrap(address) is var plain && plain.AddressFamily switch
    {
        AddressFamily.InterNetwork => !ReservedV4.Any(network => network.Contains(plain)),
        AddressFamily.InterNetworkV6
            => plain.ScopeId == 0 && GlobalV6.Contains(plain) && !ReservedV6.Any(network => network.Contains(plain)),
        _ => false,
    };

    /// <summary>Returns the IPv4 address of an IPv4-mapped or NAT64 address; returns other addresses unchanged.</summary>
    public static IPAddress Unwrap(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId == 0 && Nat64.Contains(address)
            ? new IPAddress(address.GetAddressBytes()[12..])
            : address;
    }
}

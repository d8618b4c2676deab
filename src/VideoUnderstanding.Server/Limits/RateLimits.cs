using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Limits;

/// <summary>Rate limits. Each limit is a token bucket; a request without a token gets 429. Section
/// <c>VideoUnderstanding:RateLimits</c>.</summary>
public sealed class RateLimitOptions
{
    public const string Section = "VideoUnderstanding:RateLimits";

    /// <summary>Requests per minute and key; 0 disables the limit.</summary>
    [Range(0, 10_000_000)]
    public int RequestsPerMinute { get; set; } = 6000;

    /// <summary>Burst of requests per key.</summary>
    [Range(1, 10_000_000)]
    public int RequestBurst { get; set; } = 1000;

    /// <summary>Costly requests per minute and key: searches, curves of the web app, classifications, new tasks and transfers; 0 disables
    /// the limit.</summary>
    [Range(0, 10_000_000)]
    public int CostlyPerMinute { get; set; } = 1200;

    /// <summary>Burst of costly requests per key.</summary>
    [Range(1, 10_000_000)]
    public int CostlyBurst { get; set; } = 300;

    /// <summary>Requests with an invalid key per minute and client address; 0 disables the limit.</summary>
    [Range(0, 10_000_000)]
    public int FailedKeysPerMinute { get; set; } = 30;

    /// <summary>Burst of requests with an invalid key per client address.</summary>
    [Range(1, 10_000_000)]
    public int FailedKeyBurst { get; set; } = 60;
}

/// <summary>The rate limits of this server.</summary>
public sealed class RateLimits(IOptions<RateLimitOptions> options, TimeProvider clock)
{
    /// <summary>By hash of the key. A bucket is created by the first request with a valid key, so its existence shows that the key was
    /// valid.</summary>
    public TokenBuckets Requests { get; } = new(options.Value.RequestsPerMinute, options.Value.RequestBurst, clock);

    private readonly TokenBuckets _costly = new(options.Value.CostlyPerMinute, options.Value.CostlyBurst, clock);

    /// <summary>By client address.</summary>
    public TokenBuckets FailedKeys { get; } = new(options.Value.FailedKeysPerMinute, options.Value.FailedKeyBurst, clock);

    /// <summary>Counts a costly request.</summary>
    /// <exception cref="ApiException">The limit is exceeded.</exception>
    public void TakeCostly(string keyId)
    {
        if (_costly.Take(keyId) is { } wait)
            throw new ApiException(ApiError.TooManyRequests(wait));
    }
}

/// <summary>Endpoint metadata: the request is expensive. It counts towards the limit of all requests and that of costly requests.</summary>
public sealed class CostlyRequest;

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

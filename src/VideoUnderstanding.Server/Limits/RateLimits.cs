using Microsoft.Extensions.Options;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Limits;

/// <summary>The buckets of this server.</summary>
public sealed class RateLimits(IOptions<RateLimitOptions> options, TimeProvider clock)
{
    /// <summary>By the hash of the key. A key has one from its first good request on, so that it is known as one that has worked.</summary>
    public TokenBuckets Requests { get; } = new(options.Value.RequestsPerMinute, options.Value.RequestBurst, clock);

    private readonly TokenBuckets _costly = new(options.Value.CostlyPerMinute, options.Value.CostlyBurst, clock);

    /// <summary>By the address of the client.</summary>
    public TokenBuckets FailedKeys { get; } = new(options.Value.FailedKeysPerMinute, options.Value.FailedKeyBurst, clock);

    /// <summary>Counts a request that takes more than rows of the database.</summary>
    /// <exception cref="ApiException">The key has sent too many of them.</exception>
    public void TakeCostly(string keyId)
    {
        if (_costly.Take(keyId) is { } wait)
            throw new ApiException(ApiError.TooManyRequests(wait));
    }
}

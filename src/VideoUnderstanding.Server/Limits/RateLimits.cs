using Microsoft.Extensions.Options;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Limits;

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

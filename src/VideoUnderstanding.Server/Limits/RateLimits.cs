using System.Globalization;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Limits;

/// <summary>The buckets of this server.</summary>
public sealed class RateLimits(IOptions<RateLimitOptions> options, TimeProvider clock)
{
    /// <summary>By the hash of the key. A key has one from its first good request on, so that it is known as one that has worked.</summary>
    public TokenBuckets Requests { get; } = new(options.Value.RequestsPerMinute, options.Value.RequestBurst, clock);

    /// <summary>By the hash of the key.</summary>
    public TokenBuckets Costly { get; } = new(options.Value.CostlyPerMinute, options.Value.CostlyBurst, clock);

    /// <summary>By the address of the client.</summary>
    public TokenBuckets FailedKeys { get; } = new(options.Value.FailedKeysPerMinute, options.Value.FailedKeyBurst, clock);

    /// <summary>Answers 429 with the time to wait.</summary>
    public static Task RefuseAsync(HttpContext context, TimeSpan wait)
    {
        // Whole seconds, and never "at once": a client would ask without a pause.
        context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return ApiError.TooManyRequests().ExecuteAsync(context);
    }
}

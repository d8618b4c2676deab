namespace VideoUnderstanding.Server.Limits;

/// <summary>A token bucket per name. Full and idle buckets are removed, so their number is bounded.</summary>
/// <param name="perMinute">Tokens added per minute; 0 disables the limit.</param>
/// <param name="burst">Capacity of a bucket.</param>
/// <remarks>The framework's limiter is not used: it reads the system clock, and returns no wait time without queueing.</remarks>
public sealed class TokenBuckets(int perMinute, int burst, TimeProvider clock, int maxBuckets = 100_000)
{
    /// <summary>Name of the bucket that is shared by new names when there are too many buckets.</summary>
    private const string OverflowName = "";

    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Bucket> _buckets = [];
    private readonly double _tokensPerSecond = perMinute / 60.0;
    private long _lastSweep = clock.GetTimestamp();

    private sealed class Bucket(double tokens, long filledAt)
    {
        public double Tokens { get; set; } = tokens;
        public long FilledAt { get; set; } = filledAt;
    }

    /// <summary>Number of buckets.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _buckets.Count;
        }
    }

    /// <summary>Takes a token.</summary>
    /// <returns>Null if a token was taken; otherwise the time until one is available.</returns>
    public TimeSpan? Take(string name) => TryTake(name, cost: 1);

    /// <summary>Like <see cref="Take"/>, without taking the token.</summary>
    public TimeSpan? Peek(string name) => TryTake(name, cost: 0);

    /// <summary>Returns true if the name has a bucket.</summary>
    public bool HasBucket(string name)
    {
        lock (_lock)
            return _buckets.ContainsKey(name);
    }

    private TimeSpan? TryTake(string name, double cost)
    {
        if (perMinute == 0 && cost == 0)
            return null;
        lock (_lock)
        {
            var bucket = GetRefilled(name);
            if (perMinute == 0)
                return null;
            if (bucket.Tokens < 1)
                return TimeSpan.FromSeconds((1 - bucket.Tokens) / _tokensPerSecond);
            bucket.Tokens -= cost;
            return null;
        }
    }

    private Bucket GetRefilled(string name)
    {
        var now = clock.GetTimestamp();
        if (clock.GetElapsedTime(_lastSweep, now) >= SweepInterval)
            Sweep(now);
        if (!_buckets.TryGetValue(name, out var bucket))
        {
            if (_buckets.Count >= maxBuckets && name != OverflowName)
                return GetRefilled(OverflowName);
            _buckets[name] = bucket = new Bucket(burst, now);
        }
        bucket.Tokens = Math.Min(burst, bucket.Tokens + clock.GetElapsedTime(bucket.FilledAt, now).TotalSeconds * _tokensPerSecond);
        bucket.FilledAt = now;
        return bucket;
    }

    private void Sweep(long now)
    {
        _lastSweep = now;
        foreach (var (name, bucket) in _buckets)
        {
            var age = clock.GetElapsedTime(bucket.FilledAt, now);
            if (age >= IdleTimeout && (perMinute == 0 || bucket.Tokens + age.TotalSeconds * _tokensPerSecond >= burst))
                _buckets.Remove(name);
        }
    }
}

namespace VideoUnderstanding.Server.Limits;

/// <summary>A token bucket for every name that asks. Buckets that are full again and idle are dropped, so their number stays bounded
/// whoever asks.</summary>
/// <param name="perMinute">Tokens that flow in; 0 for no limit at all.</param>
/// <param name="burst">Tokens that a bucket holds.</param>
/// <remarks>Not the framework's limiter: that one reads the machine's own clock, and hands out no time to wait for when it is not asked to
/// queue.</remarks>
public sealed class TokenBuckets(int perMinute, int burst, TimeProvider clock, int mostBuckets = 100_000)
{
    /// <summary>Shared by whoever comes when there are too many buckets already.</summary>
    private const string Overflow = "";

    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan SweepPause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Bucket> _buckets = [];
    private readonly double _perSecond = perMinute / 60.0;
    private long _swept = clock.GetTimestamp();

    private sealed class Bucket(double tokens, long filledAt)
    {
        public double Tokens { get; set; } = tokens;
        public long FilledAt { get; set; } = filledAt;
    }

    /// <summary>How many buckets there are now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _buckets.Count;
        }
    }

    /// <summary>Takes a token.</summary>
    /// <returns>Null when there was one, else the time until there is one.</returns>
    public TimeSpan? Take(string name) => Look(name, cost: 1);

    /// <summary>The same without taking it.</summary>
    public TimeSpan? Peek(string name) => Look(name, cost: 0);

    /// <summary>Whether the name has asked lately.</summary>
    public bool Knows(string name)
    {
        lock (_lock)
            return _buckets.ContainsKey(name);
    }

    private TimeSpan? Look(string name, double cost)
    {
        if (perMinute == 0 && cost == 0)
            return null;
        lock (_lock)
        {
            var bucket = Filled(name);
            if (perMinute == 0)
                return null;
            if (bucket.Tokens < 1)
                return TimeSpan.FromSeconds((1 - bucket.Tokens) / _perSecond);
            bucket.Tokens -= cost;
            return null;
        }
    }

    private Bucket Filled(string name)
    {
        var now = clock.GetTimestamp();
        if (clock.GetElapsedTime(_swept, now) >= SweepPause)
            Sweep(now);
        if (!_buckets.TryGetValue(name, out var bucket))
        {
            if (_buckets.Count >= mostBuckets && name != Overflow)
                return Filled(Overflow);
            _buckets[name] = bucket = new Bucket(burst, now);
        }
        bucket.Tokens = Math.Min(burst, bucket.Tokens + clock.GetElapsedTime(bucket.FilledAt, now).TotalSeconds * _perSecond);
        bucket.FilledAt = now;
        return bucket;
    }

    private void Sweep(long now)
    {
        _swept = now;
        foreach (var (name, bucket) in _buckets)
        {
            var age = clock.GetElapsedTime(bucket.FilledAt, now);
            if (age >= Idle && (perMinute == 0 || bucket.Tokens + age.TotalSeconds * _perSecond >= burst))
                _buckets.Remove(name);
        }
    }
}

using System.Net;
using Microsoft.Extensions.Time.Testing;
using VideoUnderstanding.Server.Limits;

namespace VideoUnderstanding.UnitTests.Server.Limits;

public sealed class TokenBucketsTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void A_burst_passes_and_then_requests_pass_at_the_refill_rate()
    {
        var buckets = new TokenBuckets(60, 3, _clock);
        Assert.All(Enumerable.Range(0, 3), _ => Assert.Null(buckets.Take("a")));
        Assert.Equal(TimeSpan.FromSeconds(1), buckets.Take("a"));
        _clock.Advance(TimeSpan.FromSeconds(0.25));
        Assert.Equal(TimeSpan.FromSeconds(0.75), buckets.Take("a"));
        _clock.Advance(TimeSpan.FromSeconds(0.75));
        Assert.Null(buckets.Take("a"));
        Assert.NotNull(buckets.Take("a"));
    }

    [Fact]
    public void A_bucket_never_holds_more_than_its_burst()
    {
        var buckets = new TokenBuckets(60, 2, _clock);
        buckets.Take("a");
        _clock.Advance(TimeSpan.FromHours(5));
        Assert.Null(buckets.Take("a"));
        Assert.Null(buckets.Take("a"));
        Assert.NotNull(buckets.Take("a"));
    }

    [Fact]
    public void Each_client_has_its_own_bucket_and_checking_takes_no_token()
    {
        var buckets = new TokenBuckets(1, 1, _clock);
        Assert.Null(buckets.Take("a"));
        Assert.NotNull(buckets.Peek("a"));
        Assert.All(Enumerable.Range(0, 5), _ => Assert.Null(buckets.Peek("b")));
        Assert.Null(buckets.Take("b"));
    }

    [Fact]
    public void A_rate_of_zero_is_no_limit_and_buckets_are_still_created()
    {
        var buckets = new TokenBuckets(0, 1, _clock);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Null(buckets.Take("a")));
        Assert.True(buckets.HasBucket("a"));
        Assert.False(buckets.HasBucket("b"));
    }

    [Fact]
    public void Buckets_that_are_full_and_idle_are_dropped_and_empty_ones_are_kept()
    {
        var buckets = new TokenBuckets(1, 30, _clock);
        foreach (var number in Enumerable.Range(0, 100))
            buckets.Take($"{number}");
        foreach (var _ in Enumerable.Range(0, 29))
            buckets.Take("0");
        _clock.Advance(TimeSpan.FromMinutes(11));
        buckets.Take("new");
        Assert.Equal(2, buckets.Count);
        Assert.True(buckets.HasBucket("0"));
    }

    [Fact]
    public void The_number_of_buckets_is_limited()
    {
        var buckets = new TokenBuckets(1, 1, _clock, maxBuckets: 10);
        var refused = Enumerable.Range(0, 1000).Count(number => buckets.Take($"{number}") is not null);
        Assert.Equal(11, buckets.Count);
        Assert.Equal(989, refused);
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2::3", "20010db800010002")]
    [InlineData("2001:db8:1:2:ffff::9", "20010db800010002")]
    public void Addresses_of_one_network_count_as_one(string address, string name)
        => Assert.Equal(name, ClientAddress.NameOf(IPAddress.Parse(address)));
}

using Pgvector;
using VideoUnderstanding.Search.Confidence;

namespace VideoUnderstanding.UnitTests.Search.Confidence;

public sealed class IndexSamplesTests
{
    private static readonly IndexState State = new(3, new DateTime(2026, 3, 2, 10, 0, 0, DateTimeKind.Utc));

    private readonly IndexSamples _samples = new();
    private int _drawn;

    [Fact]
    public async Task Samples_are_cached_while_the_videos_stay_the_same()
    {
        await DrawAsync("a", State);
        await DrawAsync("a", State);
        Assert.Equal(1, _drawn);
    }

    [Fact]
    public async Task Changed_videos_and_other_kinds_of_rows_are_sampled_again()
    {
        await DrawAsync("a", State);
        await DrawAsync("a", State with { Videos = 2 });
        await DrawAsync("a", State with { Newest = State.Newest!.Value.AddSeconds(1) });
        await DrawAsync("a", State, "speech");
        await DrawAsync("b", State);
        Assert.Equal(5, _drawn);
    }

    [Fact]
    public async Task The_least_recently_used_sample_is_evicted()
    {
        await DrawAsync("used", State);
        await DrawAsync("unused", State);
        for (var other = 0; other < IndexSamples.MaxSamples - 1; other++)
        {
            await DrawAsync("used", State);
            await DrawAsync($"other {other}", State);
        }
        var before = _drawn;
        await DrawAsync("used", State);
        Assert.Equal(before, _drawn);
        await DrawAsync("unused", State);
        Assert.Equal(before + 1, _drawn);
    }

    [Fact]
    public async Task The_memory_is_bounded()
    {
        // Each takes a little more than a third.
        var numbers = (int)(IndexSamples.MaxBytes / 3 / sizeof(float));
        foreach (var index in new[] { "a", "b", "c" })
            await DrawAsync(index, State, numbers: numbers);
        await DrawAsync("c", State, numbers: numbers);
        Assert.Equal(3, _drawn);
        await DrawAsync("a", State, numbers: numbers);
        Assert.Equal(4, _drawn);
    }

    [Fact]
    public async Task A_failed_sample_is_retried()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => _samples.GetAsync(Key("a", null), State, () => throw new TimeoutException()));
        await DrawAsync("a", State);
        Assert.Equal(1, _drawn);
    }

    [Fact]
    public void Distances_are_cosine_distances()
    {
        List<SampledVector> rows = [.. new[] { Row(2, 0), Row(0, 3), Row(-1, 0), Row(0, 0) }.OfType<SampledVector>()];
        Assert.Equal([0, 1, 2], IndexSamples.Distances(rows, [5, 0]).Select(row => Math.Round(row.Distance, 6)));
    }

    private Task<IReadOnlyList<SampledVector>> DrawAsync(string index, IndexState state, string? source = null, int numbers = 2)
        => _samples.GetAsync(Key(index, source), state, () =>
        {
            _drawn++;
            return Task.FromResult(new List<SampledVector> { new(new float[numbers], "video") });
        });

    private static SampleKey Key(string index, string? source) => new(index, source, 20, 100);

    private static SampledVector? Row(float x, float y) => SampledVector.Of(new HalfVector(new[] { (Half)x, (Half)y }), "video");
}

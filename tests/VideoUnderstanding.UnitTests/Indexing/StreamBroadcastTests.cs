using System.Runtime.CompilerServices;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.UnitTests.Indexing;

public sealed class StreamBroadcastTests
{
    private int _decoded;

    [Fact]
    public async Task Every_consumer_sees_every_frame_in_order()
    {
        var (first, second) = (new List<double>(), new List<double>());
        await RunAsync(20, Collect(first), Collect(second));
        Assert.Equal(Enumerable.Range(0, 20).Select(time => (double)time), first);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task The_decoder_waits_for_a_slow_consumer()
    {
        var gate = new TaskCompletionSource();
        var running = RunAsync(100, async (frames, token) =>
        {
            await gate.Task;
            await foreach (var _ in frames.WithCancellation(token)) { }
        });
        // The queue holds four frames. Without the limit the decoder would produce the others at once.
        while (Volatile.Read(ref _decoded) < 5)
            await Task.Delay(20);
        await Task.Delay(100);
        Assert.InRange(_decoded, 5, 6);
        gate.SetResult();
        await running;
        Assert.Equal(100, _decoded);
    }

    [Fact]
    public async Task The_first_failure_stops_all_consumers_and_is_thrown()
    {
        var complete = false;
        StreamConsumer<Frame> other = async (frames, token) =>
        {
            await foreach (var _ in frames.WithCancellation(token)) { }
            complete = true;
        };
        var thrown = await Assert.ThrowsAsync<InvalidDataException>(
            () => RunAsync(1000, (_, _) => Task.FromException(new InvalidDataException("bad")), other));
        Assert.Equal("bad", thrown.Message);
        Assert.False(complete);
    }

    [Fact]
    public async Task Cancellation_throws_OperationCanceledException()
    {
        using var stop = new CancellationTokenSource();
        StreamConsumer<Frame> stopper = async (frames, token) =>
        {
            await foreach (var frame in frames.WithCancellation(token))
                if (frame.Time == 5)
                    await stop.CancelAsync();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => StreamBroadcast.RunAsync(FramesAsync(1000, stop.Token), [stopper], 4, _ => { }, stop.Token));
    }

    private Task RunAsync(int count, params StreamConsumer<Frame>[] consumers)
        => StreamBroadcast.RunAsync(FramesAsync(count, default), consumers, 4, _ => { }, CancellationToken.None);

    private static StreamConsumer<Frame> Collect(List<double> times) => async (frames, token) =>
    {
        await foreach (var frame in frames.WithCancellation(token))
            times.Add(frame.Time);
    };

    private async IAsyncEnumerable<Frame> FramesAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
            _decoded++;
            yield return new Frame(i, i == 0, 1, 1, [0, 0, 0]);
        }
    }
}

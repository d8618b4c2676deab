using System.Threading.Channels;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Pictures;

/// <summary>Looks at frames and is done when they end.</summary>
public delegate Task FrameConsumer(IAsyncEnumerable<Frame> frames, CancellationToken cancellationToken);

/// <summary>
/// Gives one decode to several consumers that run beside it. Between them lie short queues: whoever is slowest sets the pace, and no more than a few frames are in
/// memory. The first failure stops all and is the one that is thrown.
/// </summary>
public static class FrameFan
{
    public static async Task RunAsync(
        IAsyncEnumerable<Frame> frames, IReadOnlyList<FrameConsumer> consumers, int queueLength, Action<Frame> onFrame, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var failures = new FirstFailure(stop);
        var queues = consumers.Select(_ => Channel.CreateBounded<Frame>(new BoundedChannelOptions(queueLength) { SingleReader = true, SingleWriter = true })).ToList();
        var running = consumers.Zip(queues, (consumer, queue) => failures.WatchAsync(() => Task.Run(() => consumer(queue.Reader.ReadAllAsync(stop.Token), stop.Token), stop.Token))).ToList();
        running.Add(failures.WatchAsync(() => FeedAsync(frames, queues, onFrame, stop.Token)));
        await Task.WhenAll(running);
        failures.ThrowIfAny();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static async Task FeedAsync(IAsyncEnumerable<Frame> frames, List<Channel<Frame>> queues, Action<Frame> onFrame, CancellationToken cancellationToken)
    {
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            foreach (var queue in queues)
                await queue.Writer.WriteAsync(frame, cancellationToken);
            onFrame(frame);
        }
        // Only a clean end ends the queues: after a failure the consumers are stopped by the token and must not take what they have for everything.
        queues.ForEach(queue => queue.Writer.Complete());
    }

    private sealed class FirstFailure(CancellationTokenSource stop)
    {
        private Exception? _first;

        public async Task WatchAsync(Func<Task> work)
        {
            try
            {
                await work();
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref _first, exception, null);
                await stop.CancelAsync();
            }
        }

        public void ThrowIfAny()
        {
            if (_first is not null)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_first);
        }
    }
}

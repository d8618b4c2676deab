using System.Threading.Channels;

namespace VideoUnderstanding.Indexing;

/// <summary>Reads a stream of decoded frames or sound blocks and returns when it ends.</summary>
public delegate Task StreamConsumer<T>(IAsyncEnumerable<T> items, CancellationToken cancellationToken);

/// <summary>
/// Sends one decoded stream to several concurrent consumers. Each has a bounded queue, so the slowest consumer limits the speed and few
/// items are in memory. The first failure stops all consumers and is rethrown.
/// </summary>
public static class StreamBroadcast
{
    /// <param name="queueLength">Maximum queued items per consumer.</param>
    /// <param name="onItem">Called with each item after it was added to all queues.</param>
    public static async Task RunAsync<T>(
        IAsyncEnumerable<T> items, IReadOnlyList<StreamConsumer<T>> consumers, int queueLength, Action<T> onItem,
            CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var failures = new FirstFailure(stop);
        var queues = consumers.Select(_
            => Channel.CreateBounded<T>(new BoundedChannelOptions(queueLength) { SingleReader = true, SingleWriter = true })).ToList();
        var running = consumers.Zip(queues, (consumer, queue)
            => failures.WatchAsync(() => Task.Run(() => consumer(queue.Reader.ReadAllAsync(stop.Token), stop.Token), stop.Token))).ToList();
        running.Add(failures.WatchAsync(() => FeedAsync(items, queues, onItem, stop.Token)));
        await Task.WhenAll(running);
        failures.ThrowIfAny();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static async Task FeedAsync<T>(IAsyncEnumerable<T> items, List<Channel<T>> queues, Action<T> onItem,
        CancellationToken cancellationToken)
    {
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            foreach (var queue in queues)
                await queue.Writer.WriteAsync(item, cancellationToken);
            onItem(item);
        }
        // Completes the queues only after a stream without failure; otherwise consumers would treat a part of the stream as complete.
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

namespace VideoUnderstanding.Server.Api.Streams;

/// <summary>Runs work once for all requests that wait for it. The work is cancelled when no request waits any more.</summary>
internal sealed class SharedWork
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SharedRun> _running = [];

    /// <param name="key">Requests with the same key share one run.</param>
    public async Task RunAsync(string key, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        var running = Join(key, work);
        try
        {
            await running.Work.WaitAsync(cancellationToken);
        }
        finally
        {
            await LeaveAsync(key, running);
        }
    }

    private SharedRun Join(string key, Func<CancellationToken, Task> work)
    {
        lock (_lock)
        {
            if (!_running.TryGetValue(key, out var running))
            {
                var cancellation = new CancellationTokenSource();
                _running[key] = running = new SharedRun(Task.Run(() => work(cancellation.Token), CancellationToken.None), cancellation);
            }
            running.Waiters++;
            return running;
        }
    }

    private async Task LeaveAsync(string key, SharedRun running)
    {
        lock (_lock)
        {
            if (--running.Waiters > 0)
                return;
            _running.Remove(key);
        }
        await running.Cancellation.CancelAsync();
        running.Cancellation.Dispose();
    }

    private sealed class SharedRun(Task work, CancellationTokenSource cancellation)
    {
        public Task Work => work;
        public CancellationTokenSource Cancellation => cancellation;
        public int Waiters { get; set; }
    }
}

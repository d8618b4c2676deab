namespace VideoUnderstanding.Server.Api.Streams;

/// <summary>Work that several requests wait for is done once. It is cancelled when the last of them has left.</summary>
internal sealed class SharedWork
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Running> _running = [];

    /// <param name="key">Requests with the same key share the work of the first.</param>
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

    private Running Join(string key, Func<CancellationToken, Task> work)
    {
        lock (_lock)
        {
            if (!_running.TryGetValue(key, out var running))
            {
                var stop = new CancellationTokenSource();
                _running[key] = running = new Running(Task.Run(() => work(stop.Token), CancellationToken.None), stop);
            }
            running.Waiting++;
            return running;
        }
    }

    private async Task LeaveAsync(string key, Running running)
    {
        lock (_lock)
        {
            if (--running.Waiting > 0)
                return;
            _running.Remove(key);
        }
        await running.Stop.CancelAsync();
        running.Stop.Dispose();
    }

    private sealed class Running(Task work, CancellationTokenSource stop)
    {
        public Task Work => work;
        public CancellationTokenSource Stop => stop;
        public int Waiting { get; set; }
    }
}

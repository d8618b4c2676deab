namespace VideoUnderstanding.Inference;

/// <summary>Loads one model once, on first use and on a thread of its own. A load that failed is repeated at the next use.</summary>
internal sealed class ModelSlot<T>(Func<T> load) : IDisposable where T : class
{
    private readonly Lock _lock = new();
    private Task<T>? _loading;

    /// <summary>The model, or the load that is under way or begins now.</summary>
    public Task<T> Start()
    {
        lock (_lock)
        {
            if (_loading is null or { IsCompleted: true, IsCompletedSuccessfully: false })
                // A thread of its own: weights are read synchronously and for long, and the threads of the pool serve requests.
                _loading = Task.Factory.StartNew(load, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return _loading;
        }
    }

    /// <summary>The model; null while it is being loaded, which begins now if it has not yet. A failed load throws its exception
    /// once and begins again at the next call.</summary>
    public T? Poll()
    {
        lock (_lock)
        {
            if (_loading is { IsCompleted: true } ended)
            {
                _loading = ended.IsCompletedSuccessfully ? ended : null;
                return ended.GetAwaiter().GetResult();
            }
        }
        Start();
        return null;
    }

    /// <summary>Disposes of the model, also of one that is still being loaded.</summary>
    public void Dispose()
    {
        lock (_lock)
            _loading?.ContinueWith(static loaded => (loaded.Result as IDisposable)?.Dispose(), CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}

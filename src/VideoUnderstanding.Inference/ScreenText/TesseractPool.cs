using System.Collections.Concurrent;

namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>A pool of engines that are created on demand and kept.</summary>
/// <param name="size">Maximum number of engines.</param>
internal sealed class TesseractPool(string dataFolder, string languages, int size) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(size, size);
    private readonly ConcurrentBag<TesseractEngine> _free = [];

    /// <summary>Runs on another thread, after waiting for an engine.</summary>
    public async Task<T> UseAsync<T>(Func<TesseractEngine, T> work, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Use(work), cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    private T Use<T>(Func<TesseractEngine, T> work)
    {
        var engine = _free.TryTake(out var kept) ? kept : new TesseractEngine(dataFolder, languages);
        try
        {
            return work(engine);
        }
        finally
        {
            _free.Add(engine);
        }
    }

    public void Dispose()
    {
        while (_free.TryTake(out var engine))
            engine.Dispose();
        _slots.Dispose();
    }
}

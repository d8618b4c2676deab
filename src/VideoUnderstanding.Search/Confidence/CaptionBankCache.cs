namespace VideoUnderstanding.Search.Confidence;

/// <summary>Creates the caption bank of one model on first use and caches it. A failure is not cached: the next call tries again.
/// Thread-safe.</summary>
internal sealed class CaptionBankCache(Func<IReadOnlyList<string>, CancellationToken, Task<float[][]>> embed)
{
    private readonly Lock _lock = new();
    private Task<CaptionBank>? _creation;

    public Task<CaptionBank> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_creation is null or { IsFaulted: true } or { IsCanceled: true })
                // Uses no cancellation token, because other callers may wait for the same task.
                _creation = Task.Run(async () => new CaptionBank(await embed(GenericCaptions.All, CancellationToken.None)),
                    CancellationToken.None);
            return _creation.WaitAsync(cancellationToken);
        }
    }
}

namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>Cancels its token when it was not restarted for a while.</summary>
internal sealed class IdleTimer(TimeSpan limit, TimeProvider clock) : IDisposable
{
    private readonly CancellationTokenSource _source = new(limit, clock);

    public CancellationToken Token => _source.Token;

    public void Restart() => _source.CancelAfter(limit);

    public void Dispose() => _source.Dispose();
}

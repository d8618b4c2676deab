namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>Cancels its token if it is not restarted within the limit.</summary>
internal sealed class IdleTimer(TimeSpan limit, TimeProvider clock) : IDisposable
{
    private readonly CancellationTokenSource _source = new(limit, clock);

    public CancellationToken Token => _source.Token;

    public void Restart() => _source.CancelAfter(limit);

    public void Dispose() => _source.Dispose();
}

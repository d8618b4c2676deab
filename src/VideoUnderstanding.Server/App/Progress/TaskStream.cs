using System.Threading.Channels;

namespace VideoUnderstanding.Server.App.Progress;

/// <summary>One open stream of a browser: the tasks of one index as JSON. A slow browser gets only the newest state.</summary>
internal sealed class TaskStream(string userId, string indexId)
{
    private readonly Channel<string> _states = Channel.CreateBounded<string>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private string? _last;

    public string UserId => userId;

    public string IndexId => indexId;

    /// <summary>Sends a state unless it equals that of the last call.</summary>
    public void Send(string state)
    {
        if (state != _last && _states.Writer.TryWrite(state))
            _last = state;
    }

    /// <summary>Ends the stream. A state that was sent before can still be read.</summary>
    public void End() => _states.Writer.TryComplete();

    /// <summary>Waits for the next state.</summary>
    /// <returns>The state; null if there was none during the pause.</returns>
    /// <exception cref="ChannelClosedException">The stream has ended.</exception>
    public async Task<string?> NextAsync(TimeSpan pause, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(pause, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await _states.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}

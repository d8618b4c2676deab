using System.Diagnostics;

namespace VideoUnderstanding.Media.Tools;

/// <summary>The standard output of a running tool. Time spent in reads counts towards the limit. If it is exceeded, or a read is cancelled,
/// the tool is killed.</summary>
internal sealed class ToolStream(Stream inner, TimeSpan limit, Action kill, Func<Exception> timedOut) : Stream
{
    private TimeSpan _left = limit;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_left <= TimeSpan.Zero)
            throw timedOut();
        using var clock = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        clock.CancelAfter(_left);
        var started = Stopwatch.GetTimestamp();
        try
        {
            // Cancellation does not end every read of a pipe; killing the writer does.
            using var killing = clock.Token.UnsafeRegister(static state => ((Action)state!)(), kill);
            var count = await inner.ReadAsync(buffer, clock.Token).ConfigureAwait(false);
            if (count == 0)
                clock.Token.ThrowIfCancellationRequested();
            return count;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _left = TimeSpan.Zero;
            throw timedOut();
        }
        finally
        {
            _left -= Stopwatch.GetElapsedTime(started);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}

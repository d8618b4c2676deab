using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace VideoUnderstanding.Data.Storage;

/// <summary>Reads one version of an object with range requests from the current position. Retries interrupted transfers.</summary>
internal sealed class BucketStream(AmazonS3Client client, string bucket, string key, string version, long length, TimeProvider clock)
    : Stream
{
    /// <summary>Maximum bytes per request, which limits the cost of bytes that are not read.</summary>
    private const long RangeBytes = 8 * 1024 * 1024;

    /// <summary>Maximum consecutive requests without data.</summary>
    private const int MaxFailures = 3;

    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(60);

    private GetObjectResponse? _response;
    private long _end;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = offset + (origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => _position, _ => length });
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        if (target != _position)
            Close(target);
        return _position;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (var failures = 0; buffer.Length > 0 && _position < length;)
        {
            using var limit = new CancellationTokenSource(IdleTimeout, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                if (await ReadRangeAsync(buffer, either.Token).ConfigureAwait(false) is > 0 and var read)
                    return read;
                throw new EndOfStreamException("The store has sent less than it announced.");
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && IsTransient(failure))
            {
                Close(_position);
                if (++failures == MaxFailures)
                    throw new StoreOutageException(failure);
            }
        }
        return 0;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>For synchronous callers only.</summary>
    public override int Read(byte[] buffer, int offset, int count)
        => ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Close(_position);
        base.Dispose(disposing);
    }

    private async Task<int> ReadRangeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_response is null || _position == _end)
        {
            Close(_position);
            _end = Math.Min(_position + RangeBytes, length);
            _response = await client.GetObjectAsync(new GetObjectRequest
            {
                BucketName = bucket, Key = key, ByteRange = new ByteRange(_position, _end - 1), EtagToMatch = version,
            }, cancellationToken).ConfigureAwait(false);
        }
        var read = await _response.ResponseStream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        _position += read;
        return read;
    }

    private void Close(long position)
    {
        _response?.Dispose();
        (_response, _position) = (null, position);
    }

    private static bool IsTransient(Exception failure) => failure is IOException or HttpRequestException or OperationCanceledException
        || failure is AmazonServiceException { StatusCode: 0 or >= System.Net.HttpStatusCode.InternalServerError }
        || failure.InnerException is HttpRequestException;
}

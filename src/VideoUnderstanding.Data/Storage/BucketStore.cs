using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Objects;

namespace VideoUnderstanding.Data.Storage;

/// <summary>Stores files in an S3-compatible bucket, which several servers share. Uses multipart uploads from disk and range requests;
/// FFmpeg reads copies in <see cref="LocalCache"/>.</summary>
public sealed class BucketStore : IFileStore, IDisposable
{
    /// <summary>Maximum parts of an S3 multipart upload.</summary>
    private const int MaxParts = 10_000;

    private const long Megabyte = 1024 * 1024;

    /// <summary>Timeout of a request until the response headers. A request body is at most one part.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromMinutes(10);

    /// <summary>Timeout of a connection. The operating system's own timeout is about two minutes.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AbortTimeout = TimeSpan.FromSeconds(30);

    private readonly BucketOptions _options;
    private readonly DataFolder _folder;
    private readonly LocalCache _cache;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;
    private readonly AmazonS3Client _client;

    public BucketStore(IOptions<BucketOptions> options, DataFolder folder, LocalCache cache, TimeProvider clock)
    {
        (_options, _folder, _cache, _clock) = (options.Value, folder, cache, clock);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = ConnectTimeout,
        }) { Timeout = RequestTimeout };
        _client = StoreClients.Create(_options, isAnonymous: false, _http);
    }

    public async Task WriteAsync(string key, Stream content, CancellationToken cancellationToken)
    {
        // Via disk, so that a rejected part can be retried without being in memory.
        var temporary = _folder.NewTemporaryPath();
        try
        {
            await using (var file = PrivateFile.Open(temporary, FileMode.CreateNew))
                await content.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
            await MoveInAsync(key, temporary, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public async Task MoveInAsync(string key, string localPath, CancellationToken cancellationToken)
    {
        var size = new FileInfo(localPath).Length;
        if (size <= _options.PartMegabytes * Megabyte)
            await _client.PutObjectAsync(new PutObjectRequest
            {
                BucketName = _options.Name, Key = KeyOf(key), FilePath = localPath, UseChunkEncoding = false,
            }, cancellationToken).ConfigureAwait(false);
        else
            await SendPartsAsync(key, localPath, size, cancellationToken).ConfigureAwait(false);
        File.Delete(localPath);
    }

    public async Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken)
        => await HeadAsync(key, cancellationToken).ConfigureAwait(false) is { } head
            ? new BucketStream(_client, _options.Name!, KeyOf(key), head.ETag, head.ContentLength, _clock)
            : null;

    public async Task<LocalCopy?> OpenLocalAsync(string key, CancellationToken cancellationToken)
    {
        if (await HeadAsync(key, cancellationToken).ConfigureAwait(false) is not { } head)
            return null;
        return await _cache.OpenAsync(key, head.ETag, head.ContentLength, async (path, token) =>
        {
            await using var content = new BucketStream(_client, _options.Name!, KeyOf(key), head.ETag, head.ContentLength, _clock);
            await using var file = PrivateFile.Open(path, FileMode.CreateNew);
            await content.CopyToAsync(file, token).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
    }

    public async Task<StoredFile?> FindAsync(string key, CancellationToken cancellationToken)
        => await HeadAsync(key, cancellationToken).ConfigureAwait(false) is { } head
            ? new StoredFile(key, head.ContentLength, TimeOf(head.LastModified))
            : null;

    public async IAsyncEnumerable<StoredFile> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = _options.Name, Prefix = KeyOf(prefix) };
        do
        {
            var page = await _client.ListObjectsV2Async(request, cancellationToken).ConfigureAwait(false);
            foreach (var file in page.S3Objects ?? [])
                yield return new StoredFile(file.Key[_options.Prefix.Length..], file.Size ?? 0, TimeOf(file.LastModified));
            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    public async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        await _client.DeleteObjectAsync(_options.Name, KeyOf(key), cancellationToken).ConfigureAwait(false);
        _cache.Remove(key);
    }

    public Uri? CreateDownloadAddress(string key, string mediaType, TimeSpan life) => _options.PresignedDownloads
        ? new Uri(_client.GetPreSignedURL(new GetPreSignedUrlRequest
        {
            BucketName = _options.Name,
            Key = KeyOf(key),
            Expires = (_clock.GetUtcNow() + (life < BucketOptions.MaxAddressLife ? life : BucketOptions.MaxAddressLife)).UtcDateTime,
            Protocol = _client.Config.ServiceURL is { } address && address.StartsWith("http:", StringComparison.OrdinalIgnoreCase)
                ? Protocol.HTTP
                : Protocol.HTTPS,
            ResponseHeaderOverrides = new ResponseHeaderOverrides { ContentType = mediaType },
        }))
        : null;

    /// <summary>Aborts expired multipart uploads, whose senders have crashed. Removes local copies of files that another server deleted
    /// from the bucket.</summary>
    /// <returns>Number of aborted uploads.</returns>
    public async Task<int> CleanUpAsync(CancellationToken cancellationToken)
    {
        var (limit, count) = (_clock.GetUtcNow() - TimeSpan.FromHours(_options.UnfinishedUploadHours), 0);
        var request = new ListMultipartUploadsRequest { BucketName = _options.Name, Prefix = _options.Prefix };
        for (var isLast = false; !isLast;)
        {
            var page = await _client.ListMultipartUploadsAsync(request, cancellationToken).ConfigureAwait(false);
            foreach (var upload in (page.MultipartUploads ?? []).Where(upload => TimeOf(upload.Initiated) < limit))
            {
                await _client.AbortMultipartUploadAsync(_options.Name, upload.Key, upload.UploadId, cancellationToken)
                    .ConfigureAwait(false);
                count++;
            }
            (request.KeyMarker, request.UploadIdMarker, isLast) = (page.NextKeyMarker, page.NextUploadIdMarker, page.IsTruncated != true);
        }
        foreach (var (key, version) in _cache.List())
            if ((await HeadAsync(key, cancellationToken).ConfigureAwait(false))?.ETag is not { } current || current != version)
                _cache.Remove(key);
        return count;
    }

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }

    private async Task SendPartsAsync(string key, string localPath, long size, CancellationToken cancellationToken)
    {
        var partSize = Math.Max(_options.PartMegabytes * Megabyte, (size + MaxParts - 1) / MaxParts);
        var upload = await _client.InitiateMultipartUploadAsync(_options.Name, KeyOf(key), cancellationToken).ConfigureAwait(false);
        try
        {
            List<PartETag> sent = [];
            for (long from = 0; from < size; from += partSize)
                sent.Add(new PartETag(await _client.UploadPartAsync(new UploadPartRequest
                {
                    BucketName = _options.Name, Key = upload.Key, UploadId = upload.UploadId, PartNumber = sent.Count + 1,
                    FilePath = localPath, FilePosition = from, PartSize = Math.Min(partSize, size - from), UseChunkEncoding = false,
                }, cancellationToken).ConfigureAwait(false)));
            await _client.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest
            {
                BucketName = _options.Name, Key = upload.Key, UploadId = upload.UploadId, PartETags = sent,
            }, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await AbortAsync(upload).ConfigureAwait(false);
            throw;
        }
    }

    private async Task AbortAsync(InitiateMultipartUploadResponse upload)
    {
        using var limit = new CancellationTokenSource(AbortTimeout, _clock);
        try
        {
            await _client.AbortMultipartUploadAsync(_options.Name, upload.Key, upload.UploadId, limit.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is AmazonS3Exception or HttpRequestException or OperationCanceledException)
        {
            // The original failure is reported. CleanUpAsync aborts the upload later.
        }
    }

    private async Task<GetObjectMetadataResponse?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.GetObjectMetadataAsync(_options.Name, KeyOf(key), cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static DateTimeOffset TimeOf(DateTime? time)
        => time is { } known ? new DateTimeOffset(known.ToUniversalTime()) : DateTimeOffset.MinValue;

    /// <exception cref="ArgumentException">The key is invalid.</exception>
    private string KeyOf(string key) => key.Length > 0 && key[0] != '/' && !key.Split('/').Any(part => part is "." or "..")
        ? _options.Prefix + key
        : throw new ArgumentException($"The key {key} does not name a file of the store.", nameof(key));
}

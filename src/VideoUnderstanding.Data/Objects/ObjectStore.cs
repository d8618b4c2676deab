using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Integrations;

namespace VideoUnderstanding.Data.Objects;

/// <summary>Connects to the store of an integration, after checking its address.</summary>
public delegate ValueTask<Stream> ConnectToStore(
    ObjectIntegrationOptions integration, SocketsHttpConnectionContext context, CancellationToken cancellationToken);

/// <summary>Reads objects from AWS or an S3-compatible store with the integrations of the account or the settings.</summary>
public sealed class ObjectStore(IOptions<TransferOptions> options, ConnectToStore connect, AccountIntegrations accounts) : IDisposable
{
    private const int PageSize = 1000;

    /// <summary>Maximum size of a list response: 1000 keys of 1024 bytes take up to 7 MB if every byte is escaped.</summary>
    private const long MaxPageBytes = 16 * 1024 * 1024;

    /// <summary>Maximum objects to inspect per listed file.</summary>
    private const int ObjectsPerFile = 10;

    private readonly StoreClients _clients = new(connect);

    /// <summary>Opens an object as a stream, without buffering.</summary>
    /// <param name="accountId">Account whose integrations are used before those of the settings.</param>
    /// <exception cref="ObjectException">The object does not exist, access is denied, or the store cannot be reached.</exception>
    public async Task<OpenedObject> OpenAsync(ObjectAddress address, string accountId, CancellationToken cancellationToken)
    {
        if (AccountIntegrations.ReaderOf(address, await accounts.OfAsync(accountId, cancellationToken)) is { } bucket)
        {
            var client = _clients.CreateForUser(accounts.AccessTo(bucket), null);
            try
            {
                return await OpenAsync(client.S3, address, bucket.Name, client, cancellationToken);
            }
            catch
            {
                client.Dispose();
                throw;
            }
        }
        return options.Value.IntegrationFor(address.Bucket) is var (name, integration)
            ? await OpenAsync(_clients.Of(name, integration), address, name, null, cancellationToken)
            : throw new ObjectException($"No integration reads the bucket {address.Bucket}.");
    }

    /// <summary>Lists the video files of a connected bucket.</summary>
    /// <param name="maxFiles">Maximum number of files.</param>
    /// <exception cref="ObjectException">The bucket cannot be listed.</exception>
    public async Task<FileListing> ListAsync(Integration bucket, int maxFiles, CancellationToken cancellationToken)
    {
        using var client = _clients.CreateForUser(accounts.AccessTo(bucket), MaxPageBytes);
        var files = new List<ListedFile>();
        string? next = null;
        for (var page = 0; page <= (long)maxFiles * ObjectsPerFile / PageSize; page++)
        {
            var listed = await ListPageAsync(client.S3, bucket, next, cancellationToken);
            files.AddRange((listed.S3Objects ?? []).Select(found => ReadFile(bucket, found)).OfType<ListedFile>());
            next = listed.IsTruncated == true ? listed.NextContinuationToken : null;
            if (files.Count > maxFiles || next is null)
                return new FileListing([.. files.DistinctBy(file => file.Address).Take(maxFiles)], files.Count > maxFiles);
        }
        return new FileListing([.. files.DistinctBy(file => file.Address)], IsTruncated: true);
    }

    /// <summary>Checks access to a connected bucket: lists one page and opens the first object.</summary>
    /// <exception cref="ObjectException">The bucket cannot be listed or read.</exception>
    public async Task VerifyAsync(Integration bucket, CancellationToken cancellationToken)
    {
        var access = accounts.AccessTo(bucket);
        using var lister = _clients.CreateForUser(access, MaxPageBytes);
        var listed = await ListPageAsync(lister.S3, bucket, null, cancellationToken);
        if ((listed.S3Objects ?? []).FirstOrDefault(one => one.Key is { Length: > 0 } key && !key.EndsWith('/')) is not { } found)
            return;
        using var reader = _clients.CreateForUser(access, null);
        (await OpenAsync(reader.S3, new ObjectAddress(bucket.Bucket!, found.Key), bucket.Name, null, cancellationToken)).Dispose();
    }

    public void Dispose() => _clients.Dispose();

    private static Task<OpenedObject> OpenAsync(
        AmazonS3Client client, ObjectAddress address, string name, IDisposable? own, CancellationToken cancellationToken)
        => SendAsync(name, refused => Sentence(refused, address.Bucket, address.Key, name), async () =>
        {
            var request = new GetObjectRequest { BucketName = address.Bucket, Key = address.Key };
            return new OpenedObject(await client.GetObjectAsync(request, cancellationToken), own);
        });

    private static Task<ListObjectsV2Response> ListPageAsync(
        AmazonS3Client client, Integration bucket, string? next, CancellationToken cancellationToken)
        => SendAsync(bucket.Name, refused => Sentence(refused, bucket.Bucket!, null, bucket.Name), () => client.ListObjectsV2Async(
            new ListObjectsV2Request
            {
                BucketName = bucket.Bucket, MaxKeys = PageSize, ContinuationToken = next,
                Prefix = bucket.Prefix is { Length: > 0 } prefix ? prefix : null,
            }, cancellationToken));

    /// <summary>Returns null for other files than videos, and for keys that an address cannot express.</summary>
    private static ListedFile? ReadFile(Integration bucket, S3Object found)
    {
        if (found is not { Key: { Length: > 0 } key, Size: > 0 and var size } || !VideoFileNames.IsVideo(key)
            || !key.StartsWith(bucket.Prefix ?? "", StringComparison.Ordinal))
            return null;
        var address = new ObjectAddress(bucket.Bucket!, key);
        try
        {
            var text = address.ToString();
            return ObjectAddress.Parse(text) == address
                ? new ListedFile(text, size, new DateTimeOffset(found.LastModified?.ToUniversalTime() ?? DateTime.UnixEpoch))
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <param name="sentence">Converts an error response to a message.</param>
    private static async Task<T> SendAsync<T>(string name, Func<AmazonS3Exception, string> sentence, Func<Task<T>> send)
    {
        try
        {
            return await send();
        }
        catch (AmazonS3Exception refused)
        {
            // Status 0: no response.
            throw new ObjectException(sentence(refused), refused, refused.StatusCode is 0 || refused.StatusCode.IsTransient());
        }
        catch (Exception failure) when (failure is HttpRequestException || failure.InnerException is HttpRequestException)
        {
            throw new ObjectException($"The store of the integration {name} does not answer.", failure, isTransient: true);
        }
        catch (Exception failure) when (failure is AmazonClientException or AmazonServiceException)
        {
            throw new ObjectException($"The integration {name} finds no credentials, or its store answers in an unknown way.", failure);
        }
    }

    /// <param name="key">Key of the requested object; null for a listing.</param>
    private static string Sentence(AmazonS3Exception refused, string bucket, string? key, string name)
        => (refused.StatusCode, refused.ErrorCode) switch
        {
            (_, "NoSuchBucket") => $"The bucket {bucket} does not exist.",
            (_, "InvalidObjectState") => "The object is archived and has to be restored first.",
            (HttpStatusCode.NotFound, _) when key is not null => $"The bucket {bucket} has no object {key}.",
            (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized, var code)
                => $"The store denied the integration {name} access to the {(key is null ? "list of the bucket" : "object")} ({code}).",
            (>= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest, _) or (_, "AuthorizationHeaderMalformed")
                => $"The bucket {bucket} is in another region than the integration {name} says.",
            ((HttpStatusCode)0, _) => $"The store of the integration {name} does not answer.",
            var (status, code) => $"The store of the integration {name} answered with status {(int)status} ({code}).",
        };
}

/// <summary>An open object.</summary>
public sealed class OpenedObject : IDisposable
{
    private readonly GetObjectResponse _response;
    private readonly IDisposable? _client;

    /// <param name="client">Client to dispose with this object; null if it is shared.</param>
    internal OpenedObject(GetObjectResponse response, IDisposable? client) => (_response, _client) = (response, client);

    public Stream Content => _response.ResponseStream;

    /// <summary>Size in bytes.</summary>
    public long Length => _response.ContentLength;

    public void Dispose()
    {
        _response.Dispose();
        _client?.Dispose();
    }
}

/// <summary>An object cannot be read. The message is for the user and contains no secrets.</summary>
public sealed class ObjectException(string message, Exception? inner = null, bool isTransient = false) : Exception(message, inner)
{
    /// <summary>True if the failure can be temporary, so a retry may succeed.</summary>
    public bool IsTransient { get; } = isTransient;
}

/// <summary>HTTP statuses of temporary failures (overload, restart, gateway errors), after which a retry may succeed.</summary>
public static class TransientStatus
{
    public static bool IsTransient(this HttpStatusCode status)
        => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
            or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
}

using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;

namespace VideoUnderstanding.Data.Objects;

/// <summary>Opens a connection to the store of an integration, or refuses to.</summary>
public delegate ValueTask<Stream> ConnectToStore(
    ObjectIntegrationOptions integration, SocketsHttpConnectionContext context, CancellationToken cancellationToken);

/// <summary>Reads objects from AWS or an S3-compatible store, as the configured integrations say.</summary>
public sealed class ObjectStore(IOptions<TransferOptions> options, ConnectToStore connect) : IDisposable
{
    private readonly StoreClients _clients = new(connect);

    /// <summary>The object's bytes as they come in; nothing is held in memory.</summary>
    /// <exception cref="ObjectException">It is not there, may not be read, or its store can not be reached.</exception>
    public async Task<OpenedObject> OpenAsync(ObjectAddress address, CancellationToken cancellationToken)
    {
        if (options.Value.IntegrationFor(address.Bucket) is not var (name, integration))
            throw new ObjectException($"No integration reads the bucket {address.Bucket}.");
        try
        {
            var request = new GetObjectRequest { BucketName = address.Bucket, Key = address.Key };
            return new OpenedObject(await _clients.Of(name, integration).GetObjectAsync(request, cancellationToken));
        }
        catch (AmazonS3Exception refused)
        {
            // No status: nothing was answered.
            throw new ObjectException(Sentence(refused, address, name), refused, refused.StatusCode is 0 || refused.StatusCode.MayPass());
        }
        catch (Exception failure) when (failure is HttpRequestException || failure.InnerException is HttpRequestException)
        {
            throw new ObjectException($"The store of the integration {name} does not answer.", failure, mayPass: true);
        }
        catch (Exception failure) when (failure is AmazonClientException or AmazonServiceException)
        {
            throw new ObjectException($"The integration {name} finds no credentials, or its store answers in an unknown way.", failure);
        }
    }

    public void Dispose() => _clients.Dispose();

    private static string Sentence(AmazonS3Exception refused, ObjectAddress address, string name)
        => (refused.StatusCode, refused.ErrorCode) switch
        {
            (_, "NoSuchBucket") => $"The bucket {address.Bucket} does not exist.",
            (_, "InvalidObjectState") => "The object is archived and has to be restored first.",
            (HttpStatusCode.NotFound, _) => $"The bucket {address.Bucket} has no object {address.Key}.",
            (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized, var code)
                => $"The store denied the integration {name} access to the object ({code}).",
            (>= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest, _)
                => $"The bucket {address.Bucket} is in another region than the integration {name} says.",
            ((HttpStatusCode)0, _) => $"The store of the integration {name} does not answer.",
            var (status, code) => $"The store of the integration {name} answered with status {(int)status} ({code}).",
        };
}

/// <summary>An object that is being read.</summary>
public sealed class OpenedObject : IDisposable
{
    private readonly GetObjectResponse _response;

    internal OpenedObject(GetObjectResponse response) => _response = response;

    public Stream Content => _response.ResponseStream;

    /// <summary>Bytes.</summary>
    public long Length => _response.ContentLength;

    public void Dispose() => _response.Dispose();
}

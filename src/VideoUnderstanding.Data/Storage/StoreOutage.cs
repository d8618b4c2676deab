using System.Net.Sockets;
using Amazon.Runtime;
using VideoUnderstanding.Data.Objects;

namespace VideoUnderstanding.Data.Storage;

/// <summary>Reading from the bucket of the files failed several times in a row.</summary>
public sealed class StoreOutageException(Exception last) : IOException("The store of the files does not answer, or breaks off.", last);

/// <summary>Distinguishes temporary failures of the bucket from failures of single files.</summary>
public static class StoreOutage
{
    /// <summary>True if the bucket could not be reached or was temporarily unable to answer.</summary>
    public static bool Is(Exception failure) => failure switch
    {
        StoreOutageException or HttpRequestException or SocketException => true,
        AmazonServiceException { StatusCode: var status } => status is 0 || status.IsTransient(),
        // The client library throws it when a request takes too long.
        TimeoutException => true,
        IOException { InnerException: { } inner } => Is(inner),
        _ => false,
    };
}

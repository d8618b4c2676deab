using System.Net.Sockets;
using Amazon.Runtime;
using VideoUnderstanding.Data.Objects;

namespace VideoUnderstanding.Data.Storage;

/// <summary>The store of the files broke off, or did not answer, several times in a row.</summary>
public sealed class StoreOutageException(Exception last) : IOException("The store of the files does not answer, or breaks off.", last);

/// <summary>Tells an outage of the bucket that holds the files from failures of what is in it.</summary>
public static class StoreOutage
{
    /// <summary>Whether the store could not be reached, or could not answer for the moment.</summary>
    public static bool Is(Exception failure) => failure switch
    {
        StoreOutageException or HttpRequestException or SocketException => true,
        AmazonServiceException { StatusCode: var status } => status is 0 || status.MayPass(),
        // Thrown by the client library when the time of a request is over.
        TimeoutException => true,
        IOException { InnerException: { } inner } => Is(inner),
        _ => false,
    };
}

using System.Net.Sockets;
using Amazon.Runtime;
using VideoUnderstanding.Data.Objects;

namespace VideoUnderstanding.Data.Storage;

/// <summary>Reading from the bucket of the files failed several times in a row.</summary>
public sealed class StoreOutageException(Exception last)
    : IOException("The store of the files does not answer, or interrupts transfers.", last);

/// <summary>Distinguishes temporary failures of the bucket from failures of single files.</summary>
public static class StoreOutage
{
    /// <summary>True if the bucket could not be reached or was temporarily unable to answer.</summary>
    public static bool Is(Exception failure) => failure switch
    {
        StoreOutageException or HttpRequestException or SocketException => true,
        AmazonServiceException { StatusCode: var status } => status is 0 || status.IsTransient(),
        // Thrown by the client library when a request times out.
        TimeoutException => true,
        IOException { InnerException: { } inner } => Is(inner),
        _ => false,
    };
}

public static class DiskSpace
{
    /// <summary>ENOSPC: no space left on device (Linux).</summary>
    public const int NoSpace = 28;

    /// <summary>Error numbers: ENOSPC and EDQUOT (quota exceeded) of Linux, ERROR_DISK_FULL of Windows.</summary>
    private static readonly int[] Numbers = [NoSpace, 122, unchecked((int)0x80070070)];

    /// <summary>Returns true if a write failed because the disk or a quota is full.</summary>
    public static bool IsDiskFull(Exception failure) => failure switch
    {
        IOException io => Numbers.Contains(io.HResult),
        // .NET reports EFBIG this way: the file exceeds a limit of the file system or process.
        ArgumentOutOfRangeException { ParamName: "value" } => true,
        _ => false,
    };
}

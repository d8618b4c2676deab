using System.Net.Sockets;
using Npgsql;

namespace VideoUnderstanding.Server.Errors;

/// <summary>Logs the start and the end of a database outage once, not for every request.</summary>
public sealed partial class DatabaseOutage(ILogger<DatabaseOutage> logger)
{
    private int _isOut;

    /// <summary>Returns true if the exception indicates that the database cannot be reached. Failed statements and statement timeouts do
    /// not.</summary>
    public static bool IsIndicatedBy(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow } => true,
        PostgresException => false,
        NpgsqlException { InnerException: SocketException or IOException } => true,
        { InnerException: { } inner } => IsIndicatedBy(inner),
        _ => false,
    };

    /// <summary>Returns true if a statement or a connection took longer than its timeout. The network may be interrupted, or the database
    /// may be busy.</summary>
    public static bool IsTimeout(Exception failure)
        => failure is NpgsqlException { InnerException: TimeoutException } || (failure.InnerException is { } inner && IsTimeout(inner));

    /// <param name="failure">An exception for which <see cref="IsIndicatedBy"/> is true.</param>
    public void ReportStart(Exception failure)
    {
        if (Interlocked.Exchange(ref _isOut, 1) == 0)
            LogStart(logger, failure.GetBaseException().Message);
    }

    /// <summary>Must be called when the database has answered.</summary>
    public void ReportEnd()
    {
        if (Volatile.Read(ref _isOut) == 1 && Interlocked.Exchange(ref _isOut, 0) == 1)
            LogEnd(logger);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The database does not answer, so requests fail until it does: {Reason}")]
    private static partial void LogStart(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database answers again")]
    private static partial void LogEnd(ILogger logger);
}

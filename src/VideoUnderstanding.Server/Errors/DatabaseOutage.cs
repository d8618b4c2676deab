using System.Net.Sockets;
using Npgsql;

namespace VideoUnderstanding.Server.Errors;

/// <summary>Logs when the database stops answering and when it answers again, once each and not for every request.</summary>
public sealed partial class DatabaseOutage(ILogger<DatabaseOutage> logger)
{
    private int _isOut;

    /// <summary>Whether the failure shows that the database cannot be reached. A statement that fails or takes too long does not.</summary>
    public static bool IsShownBy(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow } => true,
        PostgresException => false,
        NpgsqlException { InnerException: SocketException or IOException } => true,
        { InnerException: { } inner } => IsShownBy(inner),
        _ => false,
    };

    /// <param name="failure">One that <see cref="IsShownBy"/> recognises.</param>
    public void Begin(Exception failure)
    {
        if (Interlocked.Exchange(ref _isOut, 1) == 0)
            LogBegin(logger, failure.GetBaseException().Message);
    }

    /// <summary>Call when the database has answered.</summary>
    public void End()
    {
        if (Volatile.Read(ref _isOut) == 1 && Interlocked.Exchange(ref _isOut, 0) == 1)
            LogEnd(logger);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The database does not answer, so requests fail until it does: {Reason}")]
    private static partial void LogBegin(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database answers again")]
    private static partial void LogEnd(ILogger logger);
}

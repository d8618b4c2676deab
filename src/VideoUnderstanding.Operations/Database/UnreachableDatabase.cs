using System.Net.Sockets;
using Npgsql;

namespace VideoUnderstanding.Operations.Database;

/// <summary>Recognises failures to connect to a configured database.</summary>
public static class UnreachableDatabase
{
    private const string Remedy = "Check ConnectionStrings__Database, or leave it out to use the embedded database.";

    /// <summary>A sentence for the operator, without the password; null for other failures.</summary>
    public static string? Sentence(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } refused
            => $"The configured database refuses the login: {refused.MessageText}. {Remedy}",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } missing
            => $"The configured database is not there: {missing.MessageText}. {Remedy}",
        NpgsqlException { InnerException: (SocketException or TimeoutException) and var why } lost
            => $"The configured database does not answer: {lost.Message} ({why.Message}). {Remedy}",
        ArgumentException { Source: "Npgsql" or "System.Data.Common" } unread
            => $"The connection string of the database can not be read: {unread.Message} {Remedy}",
        // EF Core wraps transient failures.
        { InnerException: { } inner } => Sentence(inner),
        _ => null,
    };
}

using System.Net.Sockets;
using Npgsql;

namespace VideoUnderstanding.Operations.Database;

/// <summary>Tells a configured database that does not let anybody in from every other failure, which stays as it is.</summary>
public static class UnreachableDatabase
{
    private const string Cure = "Check ConnectionStrings__Database, or leave it out to use the embedded database.";

    /// <summary>What the operator is told; null for a failure of another kind. The password is never part of it.</summary>
    public static string? Sentence(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } refused
            => $"The configured database refuses the login: {refused.MessageText}. {Cure}",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } missing
            => $"The configured database is not there: {missing.MessageText}. {Cure}",
        NpgsqlException { InnerException: (SocketException or TimeoutException) and var why } lost
            => $"The configured database does not answer: {lost.Message} ({why.Message}). {Cure}",
        ArgumentException { Source: "Npgsql" or "System.Data.Common" } unread
            => $"The connection string of the database can not be read: {unread.Message} {Cure}",
        // EF wraps what may pass by itself.
        { InnerException: { } inner } => Sentence(inner),
        _ => null,
    };
}

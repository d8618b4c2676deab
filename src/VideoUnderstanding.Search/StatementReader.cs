using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.Search;

/// <summary>Runs the SQL statements of one search. Statements may run at the same time.</summary>
/// <param name="seconds">Timeout of one statement.</param>
internal sealed class StatementReader(SnapshotConnections connections, int seconds)
{
    public Task<List<T>> ListAsync<T>(SqlStatement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken)
        => OnOneConnectionAsync(connection => connection.ListAsync(statement, read, cancellationToken), cancellationToken);

    /// <summary>Reads rows one by one. The connection is occupied until the last row is read or the reading ends.</summary>
    public async IAsyncEnumerable<T> StreamAsync<T>(
        SqlStatement statement, Func<DbDataReader, T> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var db = await connections.TakeAsync(cancellationToken);
        try
        {
            await foreach (var row in new ConnectionReader(db, seconds).StreamAsync(statement, read, cancellationToken))
                yield return row;
        }
        finally
        {
            connections.Return(db);
        }
    }

    /// <summary>Runs statements one after another on one connection.</summary>
    public async Task<T> OnOneConnectionAsync<T>(Func<ConnectionReader, Task<T>> work, CancellationToken cancellationToken)
    {
        var db = await connections.TakeAsync(cancellationToken);
        try
        {
            return await work(new ConnectionReader(db, seconds));
        }
        finally
        {
            connections.Return(db);
        }
    }
}

/// <summary>Runs SQL statements one after another on the connection of a context, and in its transaction if there is one.</summary>
/// <param name="seconds">Timeout of one statement.</param>
internal sealed class ConnectionReader(VideoDbContext db, int seconds)
{
    public Task ExecuteAsync(SqlStatement statement, CancellationToken cancellationToken)
        => ListAsync(statement, _ => true, cancellationToken);

    public async Task<List<T>> ListAsync<T>(SqlStatement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await foreach (var row in StreamAsync(statement, read, cancellationToken))
            rows.Add(row);
        return rows;
    }

    public async IAsyncEnumerable<T> StreamAsync<T>(
        SqlStatement statement, Func<DbDataReader, T> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand(statement.Text, (NpgsqlConnection)db.Database.GetDbConnection())
            {
                CommandTimeout = seconds,
            };
            for (var i = 0; i < statement.Values.Count; i++)
                command.Parameters.AddWithValue($"p{i}", statement.Values[i]);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                yield return read(reader);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }
}

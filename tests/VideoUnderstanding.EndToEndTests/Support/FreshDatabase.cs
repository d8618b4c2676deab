using Npgsql;

namespace VideoUnderstanding.EndToEndTests.Support;

/// <summary>An empty database on the server that VIDEOUNDERSTANDING_TEST_DATABASE names. It is dropped on disposal.</summary>
public sealed class FreshDatabase : IAsyncDisposable
{
    private const string Variable = "VIDEOUNDERSTANDING_TEST_DATABASE";
    private readonly string _server;
    private readonly string _name;

    private FreshDatabase(string server, string name) => (_server, _name) = (server, name);

    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server) { Database = _name }.ConnectionString;

    public static async Task<FreshDatabase> CreateAsync(CancellationToken cancellationToken)
    {
        var server = Environment.GetEnvironmentVariable(Variable)
            ?? throw new InvalidOperationException(
                $"Set {Variable} to a PostgreSQL with pgvector where databases may be created, or run ./test.sh, which starts one.");
        var database = new FreshDatabase(server, $"end_to_end_{Guid.NewGuid():n}");
        await database.RunAsync($"CREATE DATABASE {database._name}", cancellationToken);
        return database;
    }

    /// <summary>Counts rows. The table name comes from test code and is not escaped; a WHERE clause may follow it.</summary>
    public async Task<long> CountAsync(string table, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand($"SELECT count(*) FROM {table}");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await RunAsync($"DROP DATABASE {_name} WITH (FORCE)", CancellationToken.None);
    }

    private async Task RunAsync(string sql, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(_server);
        await using var command = source.CreateCommand(sql);
        // Creating and dropping databases can wait for the disk and for each other.
        command.CommandTimeout = 300;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

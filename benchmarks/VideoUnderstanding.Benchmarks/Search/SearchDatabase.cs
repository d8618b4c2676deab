using Npgsql;
using VideoUnderstanding.Benchmarks.Load;

namespace VideoUnderstanding.Benchmarks.Search;

/// <summary>A database on the server that VIDEOUNDERSTANDING_TEST_DATABASE names, or in the embedded PostgreSQL of a server that is started
/// for it.</summary>
internal sealed class SearchDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name;
    private readonly bool _stays;
    private readonly LoadServer? _started;

    private SearchDatabase(string server, string name, bool stays, LoadServer? started)
        => (_server, _name, _stays, _started) = (server, name, stays, started);

    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server) { Database = _name, Timeout = 60 }.ConnectionString;

    public static async Task<SearchDatabase> OpenAsync(SearchPlan plan)
    {
        var given = Environment.GetEnvironmentVariable("VIDEOUNDERSTANDING_TEST_DATABASE") is { Length: > 0 } variable ? variable : null;
        var started = given is null ? await LoadServer.StartAsync(plan.Server) : null;
        var database = new SearchDatabase(given ?? started!.Database, plan.Database ?? $"vu_search_{Guid.NewGuid():N}",
            plan.Database is not null, started);
        if (await database.ExecuteAsync("SELECT 1 FROM pg_database WHERE datname = $1", database._name) is null)
            await database.ExecuteAsync($"CREATE DATABASE {database._name}");
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (!_stays)
            await ExecuteAsync($"DROP DATABASE {_name} WITH (FORCE)");
        if (_started is not null)
            await _started.DisposeAsync();
    }

    private async Task<object?> ExecuteAsync(string sql, params string[] values)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        return await command.ExecuteScalarAsync();
    }
}

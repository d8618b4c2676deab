using Npgsql;
using VideoUnderstanding.Benchmarks.Load;

namespace VideoUnderstanding.Benchmarks.Search;

/// <summary>A database on the server that VIDEOUNDERSTANDING_TEST_DATABASE names, or on the embedded one of a server that is started for it.</summary>
internal sealed class SearchDatabase : IAsyncDisposable
{
    private readonly string server;
    private readonly string name;
    private readonly bool stays;
    private readonly LoadServer? started;

    private SearchDatabase(string server, string name, bool stays, LoadServer? started) => (this.server, this.name, this.stays, this.started) = (server, name, stays, started);

    public string ConnectionString => new NpgsqlConnectionStringBuilder(server) { Database = name, Timeout = 60 }.ConnectionString;

    public static async Task<SearchDatabase> OpenAsync(SearchPlan plan)
    {
        var given = Environment.GetEnvironmentVariable("VIDEOUNDERSTANDING_TEST_DATABASE") is { Length: > 0 } variable ? variable : null;
        var started = given is null ? await LoadServer.StartAsync(plan.Server) : null;
        var database = new SearchDatabase(given ?? started!.Database, plan.Database ?? $"vu_search_{Guid.NewGuid():N}", plan.Database is not null, started);
        if (await database.ExecuteAsync("SELECT 1 FROM pg_database WHERE datname = $1", database.name) is null)
            await database.ExecuteAsync($"CREATE DATABASE {database.name}");
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (!stays)
            await ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");
        if (started is not null)
            await started.DisposeAsync();
    }

    private async Task<object?> ExecuteAsync(string sql, params string[] values)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        return await command.ExecuteScalarAsync();
    }
}

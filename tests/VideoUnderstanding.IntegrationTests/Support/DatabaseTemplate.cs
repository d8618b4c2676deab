using Microsoft.EntityFrameworkCore;
using Npgsql;
using VideoUnderstanding.Data;
using VideoUnderstanding.IntegrationTests.Support;

[assembly: AssemblyFixture(typeof(DatabaseTemplate))]

namespace VideoUnderstanding.IntegrationTests.Support;

/// <summary>A migrated database that is created once per test run. Every test class copies its database from it.</summary>
public sealed class DatabaseTemplate : IAsyncLifetime
{
    /// <summary>Environment variable with the connection string of a PostgreSQL server. It needs the vector extension and the right to
    /// create databases.</summary>
    public const string Variable = "VIDEOUNDERSTANDING_TEST_DATABASE";

    private readonly string _name = $"vu_template_{Guid.NewGuid():N}";

    public async ValueTask InitializeAsync()
    {
        await ExecuteAsync($"CREATE DATABASE {_name}");
        await MigrateAsync(_name);
    }

    private static async Task MigrateAsync(string database)
    {
        // No pool, because a database with open connections cannot be copied.
        var options = new DbContextOptionsBuilder<VideoDbContext>();
        options.UseVideoDatabase(ConnectionString(database, pooling: false));
        await using var db = new VideoDbContext(options.Options);
        await DatabaseSetup.MigrateAsync(db, CancellationToken.None);
    }

    // Without a server there is no template, and the tests have already failed.
    public async ValueTask DisposeAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 })
            await ExecuteAsync($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");
    }

    /// <summary>Creates a database with empty tables.</summary>
    public async Task<TestDatabase> CopyAsync()
    {
        var name = $"vu_test_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {_name}");
        return Named(name);
    }

    /// <summary>Creates a database without tables.</summary>
    public static async Task<TestDatabase> EmptyAsync()
    {
        var name = $"vu_test_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE template0");
        return Named(name);
    }

    /// <summary>Creates a database with empty tables and another locale.</summary>
    /// <param name="locale">Name of the ICU locale.</param>
    public static async Task<TestDatabase> MakeAsync(string locale)
    {
        var name = $"vu_test_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE '{locale}'");
        await MigrateAsync(name);
        return Named(name);
    }

    private static TestDatabase Named(string name)
        => new(ConnectionString(name, pooling: true), () => ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)"));

    private static string ConnectionString(string database, bool pooling)
        => new NpgsqlConnectionStringBuilder(Server)
        {
            Database = database, Pooling = pooling, MaxPoolSize = 20, Timeout = 60,
        }.ConnectionString;

    private static string Server => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } server
        ? server
        : throw new InvalidOperationException($"These tests need a PostgreSQL server: ./test.sh starts one, or set {Variable} to a "
            + $"connection string that may create databases.");

    private static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        // Creating and dropping a database wait for a checkpoint and for all sessions of the server.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        await command.ExecuteNonQueryAsync();
    }
}

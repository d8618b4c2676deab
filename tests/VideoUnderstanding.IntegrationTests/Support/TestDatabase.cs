using Microsoft.EntityFrameworkCore;
using Npgsql;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.IntegrationTests.Support;

/// <summary>The database of one test class.</summary>
public sealed class TestDatabase(string connectionString, Func<Task> drop) : IAsyncDisposable
{
    public string ConnectionString { get; } = connectionString;

    public VideoDbContext Open()
    {
        var options = new DbContextOptionsBuilder<VideoDbContext>();
        options.UseVideoDatabase(ConnectionString);
        return new VideoDbContext(options.Options);
    }

    /// <summary>Waits until that many sessions wait for a lock. Ignores sessions that write progress.</summary>
    public async Task UntilWaitingAsync(int sessions = 1)
    {
        await using var db = Open();
        for (var attempt = 0; ; attempt++, await Task.Delay(50))
        {
            Assert.True(attempt < 1200, "No session waits for a lock.");
            var waiting = await db.Database.SqlQuery<int>(
                $"""
                    SELECT count(*)::int AS "Value" FROM pg_stat_activity WHERE datname = current_database()
                        AND wait_event_type = 'Lock' AND query NOT LIKE '%upload_percentage%'
                    """).SingleAsync();
            if (waiting >= sessions)
                return;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await using (var connection = new NpgsqlConnection(ConnectionString))
            NpgsqlConnection.ClearPool(connection);
        await drop();
    }
}

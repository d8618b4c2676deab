using Microsoft.EntityFrameworkCore;
using Npgsql;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.IntegrationTests.Support;

/// <summary>A database of one test class.</summary>
public sealed class TestDatabase(string connectionString, Func<Task> drop) : IAsyncDisposable
{
    public string ConnectionString { get; } = connectionString;

    public VideoDbContext Open()
    {
        var options = new DbContextOptionsBuilder<VideoDbContext>();
        options.UseVideoDatabase(ConnectionString);
        return new VideoDbContext(options.Options);
    }

    public async ValueTask DisposeAsync()
    {
        await using (var connection = new NpgsqlConnection(ConnectionString))
            NpgsqlConnection.ClearPool(connection);
        await drop();
    }
}

using Npgsql;

namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary>The server's own database, looked into from beside. While it is away every answer is null or empty.</summary>
internal sealed class Tables(ServeProcess server)
{
    /// <summary>How the names of files begin whose upload is broken off.</summary>
    public const string BrokenOff = "broken-off";

    /// <summary>Must never bring a row. One statement sees one moment.</summary>
    private const string HalfWritten = """
        SELECT 'pictures without their stage: task ' || t.id FROM indexing_tasks t
            WHERE NOT 'watch_pictures' = ANY (t.finished_stages) AND EXISTS (SELECT FROM frame_vectors f WHERE f.video_id = t.video_id)
        UNION ALL
        SELECT 'stage without its pictures: task ' || t.id FROM indexing_tasks t JOIN videos v ON v.id = t.video_id
            WHERE t.state <> 'failed' AND 'watch_pictures' = ANY (t.finished_stages) AND (SELECT count(*) FROM frame_vectors f
                WHERE f.video_id = t.video_id) < 2
        UNION ALL
        SELECT 'speech without its stage: task ' || t.id FROM indexing_tasks t
            WHERE NOT 'hear_sound' = ANY (t.finished_stages) AND EXISTS (SELECT FROM text_segments s WHERE s.video_id = t.video_id
                AND s.source = 'speech')
        UNION ALL
        SELECT 'stage without its speech: task ' || t.id FROM indexing_tasks t JOIN videos v ON v.id = t.video_id
            WHERE t.state <> 'failed' AND 'hear_sound' = ANY (t.finished_stages) AND NOT EXISTS (SELECT FROM text_segments s
                WHERE s.video_id = t.video_id AND s.source = 'speech')
        UNION ALL
        SELECT 'searchable but not ready: task ' || t.id FROM indexing_tasks t JOIN videos v ON v.id = t.video_id
            WHERE v.indexed_at IS NOT NULL AND t.state <> 'ready'
        UNION ALL
        SELECT 'ready but not searchable: task ' || t.id FROM indexing_tasks t JOIN videos v ON v.id = t.video_id
            WHERE v.indexed_at IS NULL AND t.state = 'ready'
        """;

    public async Task<long?> CountOpenAsync()
        => (await ReadAsync("SELECT count(*) FROM indexing_tasks WHERE state NOT IN ('ready', 'failed')", row => row.GetInt64(0)))?[0];

    /// <summary>One of the videos, of those that are still worked on as likely as of those that are ready.</summary>
    public async Task<string?> AnyVideoAsync(Random random)
    {
        var of = random.Next(2) == 0 ? "IS NULL" : "IS NOT NULL";
        var videos = await ReadAsync($"SELECT id FROM videos WHERE indexed_at {of} ORDER BY id", row => row.GetString(0));
        return videos is { Count: > 0 } ? videos[random.Next(videos.Count)] : null;
    }

    public async Task<IReadOnlyList<string>> UnfinishedAmongAsync(string[] videos)
        => await ReadAsync("SELECT id FROM videos WHERE id = ANY ($1) AND indexed_at IS NULL", row => row.GetString(0), (object)videos)
            ?? [];

    public async Task<IReadOnlyList<string>?> HalfWrittenAsync() => await ReadAsync(HalfWritten, row => row.GetString(0));

    /// <summary>Whether work goes on: a try has begun or a task has changed since then, or nothing is left to do. Null while the database
    /// is away.</summary>
    public async Task<bool?> HasMovedSinceAsync(DateTimeOffset moment) => (await ReadAsync(
        "SELECT NOT EXISTS (SELECT FROM indexing_tasks WHERE state NOT IN ('ready', 'failed')) OR EXISTS (SELECT FROM indexing_tasks WHERE "
            + "started_at > $1)", row => row.GetBoolean(0), moment))?[0];

    public async Task<IReadOnlyList<T>?> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object[] values)
    {
        try
        {
            if (server.ConnectionString is not { } connectionString)
                return null;
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            foreach (var value in values)
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            await using var reader = await command.ExecuteReaderAsync();
            List<T> rows = [];
            while (await reader.ReadAsync())
                rows.Add(read(reader));
            return rows;
        }
        // Class 57: it goes, or gets up. Any other complaint of the database is about the statement.
        catch (Exception away)
            when (away is PostgresException { SqlState: ['5', '7', ..] } or (NpgsqlException and not PostgresException) or IOException
                or System.Net.Sockets.SocketException or TimeoutException)
        {
            return null;
        }
    }
}

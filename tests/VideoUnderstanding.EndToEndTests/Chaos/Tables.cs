using Npgsql;

namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary>Direct queries of the database. Results are null or empty while the database is down.</summary>
/// <param name="connectionString">Returns null while the database is known to be down.</param>
internal sealed class Tables(Func<string?> connectionString)
{
    /// <summary>Queries the embedded database of a server.</summary>
    public Tables(ServeProcess server)
        : this(() => server.ConnectionString)
    {
    }

    /// <summary>Prefix of the names of files whose upload is interrupted.</summary>
    public const string InterruptedPrefix = "interrupted";

    /// <summary>Must never return a row. A single statement reads one snapshot of the data.</summary>
    private const string InconsistentRows = """
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
            JOIN video_indexes i ON i.id = t.index_id AND 'conversation' = ANY (i.options)
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

    /// <summary>Returns a random video. Unfinished and ready videos are equally likely.</summary>
    public async Task<string?> AnyVideoAsync(Random random)
    {
        var of = random.Next(2) == 0 ? "IS NULL" : "IS NOT NULL";
        var videos = await ReadAsync($"SELECT id FROM videos WHERE indexed_at {of} ORDER BY id", row => row.GetString(0));
        return videos is { Count: > 0 } ? videos[random.Next(videos.Count)] : null;
    }

    public async Task<IReadOnlyList<string>> UnfinishedAmongAsync(string[] videos)
        => await ReadAsync("SELECT id FROM videos WHERE id = ANY ($1) AND indexed_at IS NULL", row => row.GetString(0), (object)videos)
            ?? [];

    public async Task<IReadOnlyList<string>?> InconsistentRowsAsync() => await ReadAsync(InconsistentRows, row => row.GetString(0));

    /// <summary>Returns true if an attempt has started since this time, or if no task is open. Null while the database is down.</summary>
    public async Task<bool?> HasMovedSinceAsync(DateTimeOffset moment) => (await ReadAsync(
        "SELECT NOT EXISTS (SELECT FROM indexing_tasks WHERE state NOT IN ('ready', 'failed')) OR EXISTS (SELECT FROM indexing_tasks WHERE "
            + "started_at > $1)", row => row.GetBoolean(0), moment))?[0];

    public async Task<IReadOnlyList<T>?> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object[] values)
    {
        try
        {
            if (connectionString() is not { } address)
                return null;
            await using var connection = new NpgsqlConnection(address);
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
        // SQLSTATE class 57: the database is stopping or starting. Other PostgreSQL errors come from the statement.
        catch (Exception away)
            when (away is PostgresException { SqlState: ['5', '7', ..] } or (NpgsqlException and not PostgresException) or IOException
                or System.Net.Sockets.SocketException or TimeoutException)
        {
            return null;
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Data.Words;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Logos;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>Statements end at their timeout, with texts and queries of maximum length.</summary>
[Collection(nameof(ExclusiveCollection))]
public sealed class StatementBoundsTests(StatementBoundsTests.WorstRows worst) : IClassFixture<StatementBoundsTests.WorstRows>
{
    private const int Rows = 20_000;

    /// <summary>The timeout is one second. Cancellation may take another second, and the machine may be busy.</summary>
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(8);

    private static readonly string LongQuery = string.Concat(Enumerable.Repeat("ask ", TextQuery.MaxLength / 4));

    /// <summary>The longest query whose trigrams are compared: eight words in 388 characters.</summary>
    private static readonly string LongTrigramQuery = string.Concat(Enumerable.Repeat("ask ", 7).Concat(Enumerable.Repeat("ask", 120)));

    private static SearchScope Scope(string index) => new(index, VideoFilter.None);

    public static TheoryData<string> Statements() => new("words", "letters", "short letters", "phrase", "long phrase", "brand", "metadata",
        "file name");

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task Every_statement_that_compares_texts_ends_at_its_timeout(string kind)
    {
        await using var db = worst.Server.Database.Open();
        var reader = new ClipReader(new SnapshotConnections(db),
            Options.Create(new VideoSearchOptions { StatementSeconds = 1, CandidateSegments = 100_000 }));
        var vector = ColourVectors.Of("red");
        var index = worst.Index.Id;
        var since = Stopwatch.GetTimestamp();
        try
        {
            await (kind switch
            {
                "words" => reader.SegmentsByWordsAsync(Scope(index), "speech", vector, LongQuery, CancellationToken.None),
                "letters" => reader.SegmentsByLettersAsync(Scope(index), "speech", vector, LongTrigramQuery, 0.3,
                    CancellationToken.None),
                "short letters" => reader.SegmentsByLettersAsync(Scope(index), "speech", vector, "ask", 0.3, CancellationToken.None),
                "phrase" => reader.TextAroundAsync(Scope(index), "speech", ["ask", "aska", "xask"], 5, CancellationToken.None)
                    .ToListAsync().AsTask(),
                "long phrase" => reader.TextAroundAsync(Scope(index), "speech", ["ask", "ask", "ask", "ask"], 501, CancellationToken.None)
                    .ToListAsync().AsTask(),
                "brand" => (Task)reader.ScreenLinesWithAsync(Scope(index), new string('a', 50) + "skask", ScreenLine.None, 100,
                    CancellationToken.None),
                "metadata" => reader.CountUpToAsync(SearchTable.Segments, new SearchScope(index, new VideoFilter(
                    [new FieldEquals("note", LongQuery), new NumberBetween("note", 1, 2)])), 1_000_000, null,
                    CancellationToken.None),
                _ => reader.CountUpToAsync(SearchTable.Segments,
                    new SearchScope(index, new VideoFilter([new FieldEquals("filename", LongQuery)])), 1_000_000, null,
                    CancellationToken.None),
            });
        }
        catch (NpgsqlException late)
        {
            Assert.IsType<TimeoutException>(late.InnerException);
        }
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeLimit);
        await WaitUntilNoStatementRunsAsync(worst.Server.Database, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task The_statement_of_a_disconnected_client_ends_within_a_second()
    {
        using (var client = worst.Server.CreateClient())
        {
            using var disconnect = new CancellationTokenSource();
            var answer = client.PostAsJsonAsync("/v1.1/search",
                new { query = "ask", index_id = worst.Index.Id, search_options = new[] { "conversation" } }, disconnect.Token);
            await WaitUntilStatementRunsAsync(worst.Server.Database);
            await disconnect.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        }
        await WaitUntilNoStatementRunsAsync(worst.Server.Database, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task The_statement_of_a_killed_server_ends_within_a_second()
    {
        // Copies of the template do not include its database settings.
        await using (var db = worst.Server.Database.Open())
            await DatabaseSetup.MigrateAsync(db, CancellationToken.None);
        // The statement runs in another process, which the test kills.
        var settings = new NpgsqlConnectionStringBuilder(worst.Server.Database.ConnectionString);
        using var killed = Process.Start(new ProcessStartInfo("psql",
            ["-h", settings.Host!, "-U", settings.Username!, "-d", settings.Database!, "-c",
                // Each row has other words, because PostgreSQL would evaluate constants once, before the statement runs.
                "SELECT count(*) FROM generate_series(1, 100000) one, generate_series(1, 100000) two "
                    + "WHERE word_similarity('ask', one || ' ' || two) > 2"])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        await WaitUntilStatementRunsAsync(worst.Server.Database);
        killed.Kill();
        await WaitUntilNoStatementRunsAsync(worst.Server.Database, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task The_database_refuses_words_over_the_length_limit()
    {
        await using var db = worst.Server.Database.Open();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => db.Database.ExecuteSqlAsync(
            $"UPDATE text_segments SET words = repeat('a ', {PlainWords.MaxColumnLength}) WHERE id = (SELECT min(id) FROM text_segments)"));
        Assert.Equal("ck_text_segments_words", refused.ConstraintName);
    }

    private static async Task WaitUntilStatementRunsAsync(TestDatabase database)
    {
        var since = Stopwatch.GetTimestamp();
        while (await CountRunningStatementsAsync(database) == 0)
            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(30), "No statement runs.");
    }

    /// <summary>The limit includes two more seconds, because the check takes time and the machine may be busy.</summary>
    private static async Task WaitUntilNoStatementRunsAsync(TestDatabase database, TimeSpan within)
    {
        var since = Stopwatch.GetTimestamp();
        while (await CountRunningStatementsAsync(database) > 0)
            Assert.True(Stopwatch.GetElapsedTime(since) < within + TimeSpan.FromSeconds(2), "A statement still runs.");
    }

    private static async Task<int> CountRunningStatementsAsync(TestDatabase database)
    {
        await using var db = database.Open();
        return await db.Database.SqlQuery<int>($"""
            SELECT count(*)::int AS "Value" FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()
                AND backend_type = 'client backend' -- autovacuum names the table too
                AND (query LIKE '%text_segments%' OR query LIKE '%generate_series%')
            """).SingleAsync();
    }

    /// <summary>A server with an index whose segments contain the maximum number of equal words.</summary>
    public sealed class WorstRows(DatabaseTemplate template) : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;

        public VideoIndex Index { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await TestServer.StartAsync(template, new Dictionary<string, string?>(),
                fakes: services => services.AddSingleton<IQueryVectors, ColourVectors>());
            Index = await Server.AddIndexAsync();
            var (video, _) = await Server.AddVideoAsync(Index, filename: LongQuery,
                custom: $$"""{"note":"{{new string('a', 9_000)}}"}""");
            await Server.Database.AddTextAsync(video, TextSource.Speech, (0, 1, string.Concat(Enumerable.Repeat("ask ", 100))));
            await Server.Database.AddTextAsync(video, TextSource.Screen, (0, 1, new string('a', 399)));
            await using var db = Server.Database.Open();
            db.Database.SetCommandTimeout(300);
            // These rows are slower to search than any that the server writes, because the words fill the column.
            await db.Database.ExecuteSqlRawAsync(string.Create(CultureInfo.InvariantCulture, $"""
                UPDATE text_segments SET words = rpad(' ', {PlainWords.MaxColumnLength - 1}, 'ask ') || ' ' WHERE source = 'speech';
                INSERT INTO text_segments (index_id, video_id, source, number, start, "end", text, words, language, embedding)
                SELECT index_id, video_id, source, number + row, start + row, "end" + row, text, words, language, embedding
                FROM text_segments CROSS JOIN generate_series(1, {Rows}) row;
                ANALYZE text_segments
                """));
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}

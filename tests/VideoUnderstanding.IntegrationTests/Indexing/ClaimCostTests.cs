using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Indexing;

/// <summary>The number of rows that a claim reads while 100,000 tasks wait.</summary>
public sealed class ClaimCostTests(DatabaseTemplate template, ITestOutputHelper output)
{
    private const int Tasks = 100_000;

    [Theory]
    [InlineData(1, true)]
    [InlineData(1000, true)]
    // Without planner statistics of the new rows.
    [InlineData(1000, false)]
    public async Task A_claim_reads_a_few_rows_per_account_and_not_all_tasks(int accounts, bool isAnalyzed)
    {
        await using var database = await template.CopyAsync();
        await AddAsync(database, accounts);
        await using var db = database.Open();
        if (isAnalyzed)
            await db.Database.ExecuteSqlRawAsync("ANALYZE indexing_tasks");

        var (claimed, milliseconds) = await ExplainAsync(db.Database.GetDbConnection(), TaskQueue.ClaimNext);
        output.WriteLine($"claim: {claimed} rows, {milliseconds} ms");
        // Per account at most three rows: the next account, its oldest task, and the task.
        Assert.InRange(claimed, 1, 3 * accounts + 50);
        var (counted, _) = await ExplainAsync(db.Database.GetDbConnection(), TaskQueue.CountWaiting, limit: 20);
        Assert.InRange(counted, 1, 100);
    }

    /// <summary>Adds 100,000 waiting tasks and 100,000 ready ones.</summary>
    private static async Task AddAsync(TestDatabase database, int accounts)
    {
        await using var db = database.Open();
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(10));
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO accounts (id, name, created_at) SELECT 'a' || n, 'a' || n, now() FROM generate_series(1, {accounts}) AS n
            """);
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO video_indexes (id, account_id, name, normal_name, engine_id, options, addons, created_at, updated_at)
            SELECT id, id, id, id, 'marengo2', ARRAY[]::text[], ARRAY[]::text[], now(), now() FROM accounts WHERE id LIKE 'a%'
            """);
        foreach (var state in (string[])["pending", "ready"])
            await db.Database.ExecuteSqlAsync($"""
                INSERT INTO indexing_tasks (id, account_id, index_id, video_id, state, language, filename, normal_filename,
                    provides_transcription, finished_stages, percentage, upload_percentage, attempts, created_at, updated_at)
                SELECT {state} || n, 'a' || n % {accounts} + 1, 'a' || n % {accounts} + 1, 'v' || n, {state}, 'en', 'clip.mp4', 'clip.mp4',
                    false, ARRAY[]::text[], 0, 0, 0, now() + n * interval '1 ms', now() FROM generate_series(1, {Tasks}) AS n
                """);
    }

    /// <returns>The number of rows that the statement read from indexing_tasks, and its duration.</returns>
    private static async Task<(double Rows, double Milliseconds)> ExplainAsync(DbConnection connection, string statement, int? limit = null)
    {
        object[] arguments = limit is { } rows ? [rows] : [1, "'node'", $"'{Node.Cpu}'"];
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN (ANALYZE, FORMAT JSON) " + string.Format(CultureInfo.InvariantCulture, statement, arguments);
        var plan = JsonElement.Parse((string)(await command.ExecuteScalarAsync())!)[0];
        await connection.CloseAsync();
        return (RowsOf(plan.GetProperty("Plan")), plan.GetProperty("Execution Time").GetDouble());
    }

    private static double RowsOf(JsonElement node)
    {
        double Number(string name) => node.TryGetProperty(name, out var number) ? number.GetDouble() : 0;
        var isScan = node.GetProperty("Node Type").GetString()!.Contains("Scan", StringComparison.Ordinal)
            && node.TryGetProperty("Relation Name", out var relation) && relation.GetString() == "indexing_tasks";
        var own = isScan ? (Number("Actual Rows") + Number("Rows Removed by Filter")) * Number("Actual Loops") : 0;
        return own + (node.TryGetProperty("Plans", out var plans) ? plans.EnumerateArray().Sum(RowsOf) : 0);
    }
}

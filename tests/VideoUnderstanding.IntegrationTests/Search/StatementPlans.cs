using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using VideoUnderstanding.Data;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.IntegrationTests.Search;

internal static class StatementPlans
{
    /// <summary>Returns the execution plan of a statement.</summary>
    /// <param name="settings">Statements that set the planner settings first.</param>
    public static Task<string> PlanAsync(this VideoDbContext db, SqlStatement statement, string settings)
        => ExplainAsync(db, "EXPLAIN ", statement, settings);

    /// <summary>Runs a statement and returns the number of rows that all its steps emit or discard.</summary>
    public static async Task<double> RowsMovedAsync(this VideoDbContext db, SqlStatement statement)
    {
        var plan = await ExplainAsync(db, "EXPLAIN (ANALYZE, TIMING OFF) ", statement, "ANALYZE text_segments");
        double rows = 0, loops = 1;
        foreach (Match match in Rows.Matches(plan))
        {
            if (match.Groups["loops"].Success)
                loops = double.Parse(match.Groups["loops"].Value, CultureInfo.InvariantCulture);
            rows += loops * double.Parse(match.Groups["rows"].Value, CultureInfo.InvariantCulture);
        }
        return rows;
    }

    /// <summary>EXPLAIN gives both numbers as averages per loop of a step.</summary>
    private static readonly Regex Rows = new(
        @"\(actual rows=(?<rows>[\d.]+) loops=(?<loops>\d+)\)|Rows Removed by [\w ]+: (?<rows>[\d.]+)");

    private static async Task<string> ExplainAsync(VideoDbContext db, string explain, SqlStatement statement, string settings)
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Database.ExecuteSqlRawAsync(settings);
        await using var command = new NpgsqlCommand(explain + statement.Text, (NpgsqlConnection)db.Database.GetDbConnection());
        for (var i = 0; i < statement.Values.Count; i++)
            command.Parameters.AddWithValue("p" + i.ToString(CultureInfo.InvariantCulture), statement.Values[i]);
        var plan = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            plan.Add(reader.GetString(0));
        return string.Join('\n', plan);
    }
}

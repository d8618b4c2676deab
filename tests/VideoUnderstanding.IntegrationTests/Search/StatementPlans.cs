using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using VideoUnderstanding.Data;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.IntegrationTests.Search;

internal static class StatementPlans
{
    /// <summary>How the database would run a statement.</summary>
    /// <param name="settings">Statements that set what holds for this plan.</param>
    public static async Task<string> PlanAsync(this VideoDbContext db, SqlStatement statement, string settings)
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Database.ExecuteSqlRawAsync(settings);
        await using var command = new NpgsqlCommand("EXPLAIN " + statement.Text, (NpgsqlConnection)db.Database.GetDbConnection());
        for (var i = 0; i < statement.Values.Count; i++)
            command.Parameters.AddWithValue("p" + i.ToString(CultureInfo.InvariantCulture), statement.Values[i]);
        var plan = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            plan.Add(reader.GetString(0));
        return string.Join('\n', plan);
    }
}

using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace VideoUnderstanding.Data;

/// <summary>Brings the database to the shape this version needs.</summary>
public static class DatabaseSetup
{
    /// <summary>Applies the migrations that are missing. Two servers may start at once: one waits for the other.</summary>
    public static async Task MigrateAsync(VideoDbContext db, CancellationToken cancellationToken)
    {
        // An index on a table that is full takes as long as it takes; only the token ends it.
        var usual = db.Database.GetCommandTimeout();
        db.Database.SetCommandTimeout(0);
        await db.Database.MigrateAsync(cancellationToken);
        db.Database.SetCommandTimeout(usual);
        // The types of the extensions have just come into being; connections opened before do not know them.
        await db.Database.OpenConnectionAsync(cancellationToken);
        await ((NpgsqlConnection)db.Database.GetDbConnection()).ReloadTypesAsync(cancellationToken);
        await db.Database.CloseConnectionAsync();
    }
}

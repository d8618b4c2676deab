using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace VideoUnderstanding.Data;

/// <summary>Brings the database to the shape this version needs.</summary>
public static class DatabaseSetup
{
    /// <summary>Applies the migrations that are missing. Two servers may start at once: one waits for the other.</summary>
    public static async Task MigrateAsync(VideoDbContext db, CancellationToken cancellationToken)
    {
        await db.WithoutTimeoutAsync(() => db.Database.MigrateAsync(cancellationToken));
        // The types of the extensions have just come into being; connections opened before do not know them.
        await db.Database.OpenConnectionAsync(cancellationToken);
        await ((NpgsqlConnection)db.Database.GetDbConnection()).ReloadTypesAsync(cancellationToken);
        await db.Database.CloseConnectionAsync();
    }
}

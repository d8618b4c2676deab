using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace VideoUnderstanding.Data;

/// <summary>Brings the database to the shape this version needs.</summary>
public static class DatabaseSetup
{
    /// <summary>Applies the migrations that are missing. Two servers may start at once: one waits for the other.</summary>
    public static async Task MigrateAsync(VideoDbContext db, CancellationToken cancellationToken)
    {
        await db.WithoutTimeoutAsync(async () =>
        {
            await db.Database.MigrateAsync(cancellationToken);
            await NormalColumns.FillAsync(db, cancellationToken);
        });
        await EndWithClientsAsync(db, cancellationToken);
        // The types of the extensions have just come into being; connections opened before do not know them.
        await db.Database.OpenConnectionAsync(cancellationToken);
        await ((NpgsqlConnection)db.Database.GetDbConnection()).ReloadTypesAsync(cancellationToken);
        await db.Database.CloseConnectionAsync();
    }

    /// <summary>Lets the database look every half second whether the client of a running statement is still there. Without that, the
    /// statement of a server that was killed runs to its end. The setting belongs to the database, because a pooled connection would lose
    /// its own; a user who may not change it, and a system that cannot look, go without.</summary>
    private static Task EndWithClientsAsync(VideoDbContext db, CancellationToken cancellationToken)
        => db.Database.ExecuteSqlRawAsync("""
            DO $$ BEGIN
              EXECUTE format('ALTER DATABASE %I SET client_connection_check_interval = 500', current_database());
            EXCEPTION WHEN OTHERS THEN NULL;
            END $$
            """, cancellationToken);
}

using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace VideoUnderstanding.Data;

/// <summary>Migrates the database to the schema of this version.</summary>
public static class DatabaseSetup
{
    /// <summary>Applies pending migrations. Servers that start concurrently wait for each other.</summary>
    public static async Task MigrateAsync(VideoDbContext db, CancellationToken cancellationToken)
    {
        await db.WithoutTimeoutAsync(async () =>
        {
            await db.Database.MigrateAsync(cancellationToken);
            await NormalColumns.FillAsync(db, cancellationToken);
        });
        await SetClientCheckIntervalAsync(db, cancellationToken);
        // Reloads the types, because connections opened before do not know those of new extensions.
        await db.Database.OpenConnectionAsync(cancellationToken);
        await ((NpgsqlConnection)db.Database.GetDbConnection()).ReloadTypesAsync(cancellationToken);
        await db.Database.CloseConnectionAsync();
    }

    /// <summary>Makes PostgreSQL check every 0.5 s whether the client of a running statement is still connected; otherwise the statement of
    /// a killed server runs to its end. The setting is stored in the database, because pooled connections reset theirs. Ignored without the
    /// permission or on systems without support.</summary>
    private static Task SetClientCheckIntervalAsync(VideoDbContext db, CancellationToken cancellationToken)
        => db.Database.ExecuteSqlRawAsync("""
            DO $$ BEGIN
              EXECUTE format('ALTER DATABASE %I SET client_connection_check_interval = 500', current_database());
            EXCEPTION WHEN OTHERS THEN NULL;
            END $$
            """, cancellationToken);
}

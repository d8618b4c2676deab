using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace VideoUnderstanding.Data;

/// <summary>The database has a layout that no migration of this version can change. The message is a sentence for the operator and is shown
/// unchanged.</summary>
public sealed class OldLayoutException(string message) : Exception(message);

/// <summary>Migrates the database to the schema of this version.</summary>
public static class DatabaseSetup
{
    /// <summary>First version whose databases later versions can migrate.</summary>
    public const string FirstVersion = "1.0";

    /// <summary>Instructions for a database or backup of an older layout, as in docs/upgrading.md.</summary>
    public const string OldLayoutRemedy = "Continue with the version that wrote it, or start this version with an empty data folder and an "
        + "empty database, and upload the videos again (docs/upgrading.md).";

    /// <summary>Applies pending migrations. Servers that start concurrently wait for each other.</summary>
    /// <exception cref="OldLayoutException">The database has an older layout. Nothing was changed.</exception>
    public static async Task MigrateAsync(VideoDbContext db, CancellationToken cancellationToken)
    {
        await db.WithoutTimeoutAsync(async () =>
        {
            await RequireSupportedAsync(db, cancellationToken);
            await db.Database.MigrateAsync(cancellationToken);
        });
        await SetClientCheckIntervalAsync(db, cancellationToken);
        // Reloads the types, because connections that were opened before lack those of new extensions.
        await db.Database.OpenConnectionAsync(cancellationToken);
        await ((NpgsqlConnection)db.Database.GetDbConnection()).ReloadTypesAsync(cancellationToken);
        await db.Database.CloseConnectionAsync();
    }

    /// <exception cref="OldLayoutException">The database was created by a version before <see cref="FirstVersion"/>.</exception>
    public static async Task RequireSupportedAsync(VideoDbContext db, CancellationToken cancellationToken)
    {
        if ((await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Any(migration => IsTooOld(db, migration)))
            throw new OldLayoutException($"The database has the layout of a version before {FirstVersion}, which this version cannot read. "
                + $"Nothing was changed. {OldLayoutRemedy}");
    }

    /// <summary>Returns true if a migration is older than the first one of this version. Ids start with the time of creation.</summary>
    public static bool IsTooOld(VideoDbContext db, string migration)
        => string.CompareOrdinal(migration, db.Database.GetMigrations().First()) < 0;

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

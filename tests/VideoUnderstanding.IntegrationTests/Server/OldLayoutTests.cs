using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.Operations.Backups;

namespace VideoUnderstanding.IntegrationTests.Server;

/// <summary>Databases and backups of versions before the first release are refused, and nothing is changed.</summary>
public sealed class OldLayoutTests
{
    /// <summary>Names of the first and of the last migration before the first release.</summary>
    private static readonly string[] OldMigrations = ["20261123132303_InitialSchema", "20261130172154_TaskQueue"];

    private const string Refusal = "layout of a version before 1.0";

    [Fact]
    public async Task The_server_and_all_verbs_that_open_the_database_refuse_an_older_layout()
    {
        await using var database = await OldDatabaseAsync();
        await using var folder = new DataFolder("data") { Settings = [$"ConnectionStrings__Database={database.ConnectionString}"] };
        var backup = Path.Combine(folder.Root, "backup");
        string[][] verbs = [["serve", "--urls=http://127.0.0.1:0"], ["keys", "list"], ["logos", "list"], ["backup", backup]];

        foreach (var verb in verbs)
        {
            var refused = await Assert.ThrowsAsync<ToolException>(() => VuProcess.RunAsync(folder, verb));
            Assert.Contains(Refusal, refused.ErrorTail, StringComparison.Ordinal);
            Assert.Contains("upload the videos again", refused.ErrorTail, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", refused.ErrorTail, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(backup));
        await AssertUnchangedAsync(database);
    }

    [Fact]
    public async Task A_migration_does_not_change_an_older_layout()
    {
        await using var database = await OldDatabaseAsync();
        await using var db = database.Open();

        var refused = await Assert.ThrowsAsync<OldLayoutException>(() => DatabaseSetup.MigrateAsync(db, CancellationToken.None));

        Assert.Contains(DatabaseSetup.OldLayoutRemedy, refused.Message, StringComparison.Ordinal);
        await AssertUnchangedAsync(database);
    }

    [Fact]
    public async Task An_empty_database_gets_the_tables_functions_and_indexes()
    {
        await using var database = await DatabaseTemplate.EmptyAsync();
        await using var db = database.Open();

        await DatabaseSetup.MigrateAsync(db, CancellationToken.None);
        await DatabaseSetup.MigrateAsync(db, CancellationToken.None);

        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
        Assert.Equal(0, await db.Videos.CountAsync());
        Assert.Equal("german", await db.Database.SqlQuery<string>($"SELECT text_stemmer('de')::text AS \"Value\"").SingleAsync());
        var indexes = await db.Database.SqlQuery<string>($"""
            SELECT indexname AS "Value" FROM pg_indexes WHERE tablename = 'text_segments' AND indexdef LIKE '%gin%' ORDER BY indexname
            """).ToListAsync();
        Assert.Equal(["ix_text_segments_joined_words_trigrams", "ix_text_segments_stems", "ix_text_segments_words_trigrams"], indexes);
    }

    [Fact]
    public async Task A_backup_of_an_older_layout_is_refused_before_anything_is_written()
    {
        await using var database = await DatabaseTemplate.EmptyAsync();
        await using var folder = new DataFolder("data") { Settings = [$"ConnectionStrings__Database={database.ConnectionString}"] };
        var backup = Directory.CreateDirectory(Path.Combine(folder.Root, "backup")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(backup, BackupManifest.Name), new BackupManifest(
            BackupManifest.CurrentFormat, DateTimeOffset.UnixEpoch, "0.9", "17.0", 17, "0.8.0", OldMigrations[^1], 0, [],
            [new BackupFile(BackupManifest.Dump, 0, new string('0', 64))]).ToJson());
        await File.WriteAllTextAsync(Path.Combine(backup, BackupManifest.Dump), "");

        var refused = await Assert.ThrowsAsync<ToolException>(() => VuProcess.RunAsync(folder, "restore", backup));

        Assert.Contains(Refusal, refused.ErrorTail, StringComparison.Ordinal);
        Assert.Contains("Nothing was restored", refused.ErrorTail, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        await using var db = database.Open();
        Assert.Equal(0, await CountTablesAsync(db));
    }

    /// <summary>Creates a database with the history and one table of an older layout.</summary>
    private static async Task<TestDatabase> OldDatabaseAsync()
    {
        var database = await DatabaseTemplate.EmptyAsync();
        await using var db = database.Open();
        await db.Database.ExecuteSqlAsync($"""
            CREATE TABLE "__EFMigrationsHistory" ("MigrationId" varchar(150) PRIMARY KEY, "ProductVersion" varchar(32) NOT NULL);
            CREATE TABLE accounts (id text PRIMARY KEY)
            """);
        await db.Database.ExecuteSqlAsync(
            $"""INSERT INTO "__EFMigrationsHistory" SELECT name, '10.0.0' FROM unnest({OldMigrations}) AS name""");
        return database;
    }

    private static async Task AssertUnchangedAsync(TestDatabase database)
    {
        await using var db = database.Open();
        Assert.Equal(OldMigrations, await db.Database.GetAppliedMigrationsAsync());
        Assert.Equal(2, await CountTablesAsync(db));
    }

    private static Task<int> CountTablesAsync(VideoDbContext db) => db.Database.SqlQuery<int>(
        $"SELECT count(*)::int AS \"Value\" FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')").SingleAsync();
}

using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>Checks the database for <c>vu doctor</c>. Starts and changes nothing.</summary>
internal static class DatabaseDiagnosis
{
    /// <summary>Minimum version of pgvector, because index scans with filters need it.</summary>
    private static readonly Version MinVectorVersion = new(0, 8, 0);

    public static async Task<Finding> CheckAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        if (DatabaseAccess.Configured(configuration) is { } configured)
            return await CheckServerAsync(configured, "the configured server", cancellationToken);
        var folder = new ClusterFolder(configuration.DataFolder());
        try
        {
            var options = configuration.GetSection(EmbeddedDatabaseOptions.Section).Get<EmbeddedDatabaseOptions>()
                ?? new EmbeddedDatabaseOptions();
            var binaries = PostgresBinaries.Choose(PostgresBinaries.FindAll(options.BinariesFolder), folder.Major);
            if (IsTooOld(binaries.VectorVersion))
                return new Finding("database", false,
                    $"PostgreSQL {binaries.Major} has pgvector {binaries.VectorVersion}; {MinVectorVersion} or newer is needed. "
                        + $"{Diagnosis.Install}");
            return folder.Running() is { } running
                ? await CheckServerAsync(folder.ConnectionString(running), "embedded", cancellationToken)
                : new Finding("database", true,
                    $"embedded PostgreSQL {binaries.Major} with pgvector {binaries.VectorVersion}; it starts with the server");
        }
        catch (DatabaseUnavailableException failure)
        {
            return new Finding("database", false, failure.Message);
        }
    }

    /// <summary>One line for each running server process; none if the database cannot be read or has no such table yet.</summary>
    public static async Task<IReadOnlyList<Finding>> NodesAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        var folder = new ClusterFolder(configuration.DataFolder());
        var connectionString = DatabaseAccess.Configured(configuration)
            ?? (folder.Running() is { } running ? folder.ConnectionString(running) : null);
        if (connectionString is null)
            return [];
        try
        {
            var options = new DbContextOptionsBuilder<VideoDbContext>();
            options.UseVideoDatabase(connectionString);
            await using var db = new VideoDbContext(options.Options);
            return [.. (await db.Nodes.Running().ToListAsync(cancellationToken)).Select(node => new Finding(
                $"node {node.Role}", true, $"{node.Name}, version {node.Version}, {node.Workers} videos at a time ({node.Device}), since "
                    + $"{node.StartedAt:yyyy-MM-dd HH:mm:ss} UTC"))];
        }
        catch (Exception refused) when (refused is System.Data.Common.DbException or InvalidOperationException or TimeoutException)
        {
            return [];
        }
    }

    private static async Task<Finding> CheckServerAsync(string connectionString, string which, CancellationToken cancellationToken)
    {
        try
        {
            var options = new DbContextOptionsBuilder<VideoDbContext>();
            options.UseVideoDatabase(connectionString);
            await using var db = new VideoDbContext(options.Options);
            var server = await db.Database.SqlQuery<string>($"SELECT current_setting('server_version') AS \"Value\"")
                .SingleAsync(cancellationToken);
            var vector = await db.Database.SqlQuery<string?>(
                $"SELECT max(default_version) AS \"Value\" FROM pg_available_extensions WHERE name = 'vector'")
                .SingleAsync(cancellationToken);
            if (vector is null || IsTooOld(vector))
                return new Finding("database", false,
                    $"{which}: PostgreSQL {server} has {(vector is null ? "no pgvector" : $"pgvector {vector}")}; "
                        + $"{MinVectorVersion} or newer is needed there.");
            return new Finding("database", true, $"{which}: PostgreSQL {server} with pgvector {vector}");
        }
        catch (Exception refused) when (refused is System.Data.Common.DbException or InvalidOperationException or TimeoutException)
        {
            return new Finding("database", false,
                $"{which}: {refused.GetBaseException().Message} Check ConnectionStrings__Database, or leave it out to use the embedded "
                    + $"database.");
        }
    }

    private static bool IsTooOld(string? version) => Version.TryParse(version, out var found) && found < MinVectorVersion;
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Operations.Cli;

namespace VideoUnderstanding.Operations.Database;

/// <summary>Reads which models made the vectors in the database, and chooses the profile by them.</summary>
public static class StoredModels
{
    /// <summary>Call after the migrations and before any model is used.</summary>
    public static async Task<ProfileChoice> ChooseProfileAsync(
        this IServiceProvider services, VideoDbContext db, CancellationToken cancellationToken)
    {
        var stored = await VectorColumns.ReadModelsAsync(db, cancellationToken);
        return services.GetRequiredService<ProfileSelection>().Choose(stored.Visual, stored.Text);
    }

    /// <summary>Reads the models of a running database. Starts nothing and changes nothing.</summary>
    /// <returns>Null if no database runs, or if it has no tables yet.</returns>
    public static Task<StoredVectorModels?> TryReadAsync(IConfiguration configuration, CancellationToken cancellationToken)
        => TryReadAsync(configuration, db => VectorColumns.ReadModelsAsync(db, cancellationToken), cancellationToken);

    /// <summary>Counts the indexes with finished videos by their profile; an empty name stands for the profile of the
    /// installation.</summary>
    /// <returns>Null if no database runs, or if it has no tables yet.</returns>
    public static Task<Dictionary<string, int>?> TryCountIndexesAsync(IConfiguration configuration, CancellationToken cancellationToken)
        => TryReadAsync(configuration, db => db.Indexes
            .Where(index => index.DeletedAt == null && db.Videos.Any(video => video.IndexId == index.Id && video.IndexedAt != null))
            .Select(index => db.SearchTableSets.Where(set => set.IndexId == index.Id).Select(set => set.Profile).FirstOrDefault() ?? "")
            .GroupBy(profile => profile)
            .ToDictionaryAsync(profile => profile.Key, profile => profile.Count(), cancellationToken), cancellationToken);

    private static async Task<T?> TryReadAsync<T>(
        IConfiguration configuration, Func<VideoDbContext, Task<T>> read, CancellationToken cancellationToken) where T : class
    {
        try
        {
            var folder = new ClusterFolder(configuration.DataFolder());
            var connectionString = DatabaseAccess.Configured(configuration)
                ?? (folder.Running() is { } running ? folder.ConnectionString(running) : null);
            if (connectionString is null)
                return null;
            var options = new DbContextOptionsBuilder<VideoDbContext>();
            options.UseVideoDatabase(connectionString);
            await using var db = new VideoDbContext(options.Options);
            return await read(db);
        }
        catch (Exception failure) when (failure is DbException or InvalidOperationException or TimeoutException)
        {
            return null;
        }
    }
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Inference;
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
    public static async Task<StoredVectorModels?> TryReadAsync(IConfiguration configuration, CancellationToken cancellationToken)
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
            return await VectorColumns.ReadModelsAsync(db, cancellationToken);
        }
        catch (Exception failure) when (failure is DbException or InvalidOperationException or TimeoutException)
        {
            return null;
        }
    }
}

public static class VectorModels
{
    /// <summary>The model whose embeddings fill the role's vector column; null if the role has no model or its model has no
    /// embeddings.</summary>
    public static VectorModel? VectorModel(this ModelSet models, ModelRole role)
        => models.Dimensions(role) is { } dimensions ? new VectorModel(models.Role(role)!.ModelId, dimensions) : null;
}

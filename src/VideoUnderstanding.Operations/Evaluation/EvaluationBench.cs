using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing.Switching;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search;
using VideoUnderstanding.Operations.Cli;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.Operations.Evaluation;

/// <summary>The server's services without API and jobs, with a temporary data folder and a temporary or configured database.</summary>
internal sealed class EvaluationBench : IAsyncDisposable
{
    private readonly DatabaseAccess _database;
    private readonly ServiceProvider _services;
    private readonly bool _keep;

    private EvaluationBench(string folder, DatabaseAccess database, ServiceProvider services, bool keep)
        => (Folder, _database, _services, _keep) = (folder, database, services, keep);

    /// <summary>The data folder.</summary>
    public string Folder { get; }

    /// <summary>True if the database is deleted with the data folder.</summary>
    public bool OwnsDatabase => _database.Embedded is not null;

    public IServiceProvider Services => _services;

    /// <param name="roles">Required models; others may be missing.</param>
    /// <param name="settings">As <c>--Section:Name=value</c>.</param>
    /// <param name="profile">Null: the configured profile.</param>
    /// <param name="keep">Does not delete the data folder at the end.</param>
    /// <exception cref="CommandFailure">A model is missing, or the configured database holds vectors of another model.</exception>
    public static async Task<EvaluationBench> OpenAsync(
        IReadOnlyList<ModelRole> roles, IReadOnlyList<string> settings, string? profile, bool keep, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("vu-eval-").FullName;
        EvaluationBench? bench = null;
        try
        {
            var builder = Builder(settings, profile, folder);
            builder.Configuration.StateDataFolder();
            using var logs = ServerSettings.CreateQuietLogs();
            var database = await DatabaseAccess.OpenAsync(builder.Configuration, logs.CreateLogger<EmbeddedPostgres>(), cancellationToken);
            builder.UseDatabase(database.ConnectionString);
            bench = new EvaluationBench(folder, database, builder.Services.BuildServiceProvider(), keep);
            await bench.PrepareAsync(roles, cancellationToken);
            return bench;
        }
        catch
        {
            if (bench is not null)
                await bench.DisposeAsync();
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
        if (!_keep)
            Directory.Delete(Folder, recursive: true);
    }

    private static HostApplicationBuilder Builder(IReadOnlyList<string> settings, string? profile, string folder)
    {
        var builder = ServerSettings.CreateQuietBuilder(settings);
        builder.Configuration[$"{StorageOptions.Section}:{nameof(StorageOptions.DataFolder)}"] = folder;
        // The files of an evaluation are removed with its folder.
        builder.Configuration[$"{BucketOptions.Section}:{nameof(BucketOptions.Name)}"] = "";
        // Failures are reported at once, without a retry.
        builder.Configuration[$"{IndexingOptions.Section}:{nameof(IndexingOptions.MaxAttempts)}"] = "1";
        if (profile is not null)
            builder.Configuration[$"{ModelOptions.Section}:{nameof(ModelOptions.Profile)}"] = profile;
        builder.AddMedia();
        builder.AddInference();
        builder.AddData();
        builder.AddIndexing();
        builder.AddSearch();
        return builder;
    }

    private async Task PrepareAsync(IReadOnlyList<ModelRole> roles, CancellationToken cancellationToken)
    {
        _services.GetRequiredService<IStartupValidator>().Validate();
        await using var scope = _services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
        await DatabaseSetup.MigrateAsync(db, cancellationToken);
        await _services.ChooseProfileAsync(db, cancellationToken);
        var models = _services.GetRequiredService<ModelSet>();
        if (roles.Where(role => role != ModelRole.Sound || models.Has(role)).Select(models.WhyUnavailable)
            .FirstOrDefault(sentence => sentence is not null) is { } missing)
            throw new CommandFailure(missing);
        var (visual, text) = (models.VectorModel(ModelRole.VisualText), models.VectorModel(ModelRole.TextEmbedding));
        if (await VectorColumns.EnsureAsync(db, visual, text, cancellationToken) is { } complaint)
            throw new CommandFailure($"{complaint} Without a configured database the evaluation uses a temporary one.");
    }
}

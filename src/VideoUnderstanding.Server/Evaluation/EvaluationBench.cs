using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search;
using VideoUnderstanding.Server.Cli;
using VideoUnderstanding.Server.Database;

namespace VideoUnderstanding.Server.Evaluation;

/// <summary>The server without its API and queue, on a data folder of its own and a database that is thrown away, or on the one that is configured.</summary>
internal sealed class EvaluationBench : IAsyncDisposable
{
    private readonly DatabaseAccess database;
    private readonly ServiceProvider services;
    private readonly bool keep;

    private EvaluationBench(string folder, DatabaseAccess database, ServiceProvider services, bool keep)
        => (Folder, this.database, this.services, this.keep) = (folder, database, services, keep);

    /// <summary>The data folder.</summary>
    public string Folder { get; }

    /// <summary>Whether the database goes with the data folder.</summary>
    public bool OwnsDatabase => database.Embedded is not null;

    public IServiceProvider Services => services;

    /// <param name="settings">As <c>--Section:Name=value</c>.</param>
    /// <param name="profile">Null: the configured one.</param>
    /// <param name="keep">Leaves the data folder in place at the end.</param>
    /// <exception cref="CommandFailure">A model is missing, or the configured database holds vectors of another.</exception>
    public static async Task<EvaluationBench> OpenAsync(IReadOnlyList<string> settings, string? profile, bool keep, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("vu-eval-").FullName;
        EvaluationBench? bench = null;
        try
        {
            var builder = Builder(settings, profile, folder);
            using var logs = ServerSettings.CreateQuietLogs();
            var database = await DatabaseAccess.OpenAsync(builder.Configuration, logs.CreateLogger<EmbeddedPostgres>(), cancellationToken);
            builder.UseDatabase(database.ConnectionString);
            bench = new EvaluationBench(folder, database, builder.Services.BuildServiceProvider(), keep);
            await bench.PrepareAsync(cancellationToken);
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
        await services.DisposeAsync();
        await database.DisposeAsync();
        if (!keep)
            Directory.Delete(Folder, recursive: true);
    }

    private static WebApplicationBuilder Builder(IReadOnlyList<string> settings, string? profile, string folder)
    {
        var builder = ServerSettings.CreateQuietBuilder(settings);
        builder.Configuration[$"{StorageOptions.Section}:{nameof(StorageOptions.DataFolder)}"] = folder;
        // Nobody waits for another try: what fails is reported.
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

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<IStartupValidator>().Validate();
        var models = services.GetRequiredService<ModelSet>();
        if (Enum.GetValues<ModelRole>().Select(models.WhyUnavailable).FirstOrDefault(sentence => sentence is not null) is { } missing)
            throw new CommandFailure(missing);
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
        await DatabaseSetup.MigrateAsync(db, cancellationToken);
        var (visual, text) = (ServeCommand.VectorsOf(models, ModelRole.VisualText), ServeCommand.VectorsOf(models, ModelRole.TextEmbedding));
        if (await VectorColumns.EnsureAsync(db, visual, text, cancellationToken) is { } complaint)
            throw new CommandFailure($"{complaint} Without a configured database the evaluation runs one of its own.");
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Inference;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.IntegrationTests.Indexing;

/// <summary>The indexing services without API and jobs. Two benches with the same database simulate two server processes.</summary>
internal sealed class IndexingBench : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly string _folder;
    private readonly bool _ownsFolder;

    private IndexingBench(IHost host, TestDatabase database, string folder, bool ownsFolder)
        => (_host, Database, _folder, _ownsFolder) = (host, database, folder, ownsFolder);

    public TestDatabase Database { get; }
    public IServiceProvider Services => _host.Services;
    public FilePlaces Files => new(Services);

    /// <param name="stages">Replace the real stages; null keeps the real ones.</param>
    /// <param name="beside">A bench whose folder the new one shares. Null creates a folder.</param>
    /// <param name="last">A stage that is added after the others.</param>
    /// <param name="models">Loaded models of the configured profile; null loads them when they are needed.</param>
    public static IndexingBench Create(TestDatabase database, IReadOnlyDictionary<string, string?>? settings = null,
        IReadOnlyList<IIndexingStage>? stages = null, IndexingBench? beside = null, IIndexingStage? last = null,
        ModelSet? models = null)
    {
        var folder = beside?._folder ?? Directory.CreateTempSubdirectory("vu-indexing-").FullName;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Error);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Database"] = database.ConnectionString,
            ["VideoUnderstanding:DataFolder"] = Path.Combine(folder, "data"),
            ["VideoUnderstanding:Indexing:RetryDelaySeconds"] = "0",
            ["VideoUnderstanding:Indexing:LeaseCheckSeconds"] = "0.2",
            ["VideoUnderstanding:Fetching:AllowPrivateNetworks"] = "true",
        });
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.AddMedia();
        builder.AddInference();
        builder.AddData();
        builder.AddIndexing();
        if (stages is not null)
        {
            builder.Services.RemoveAll<IIndexingStage>();
            foreach (var stage in stages)
                builder.Services.AddSingleton(stage);
        }
        if (last is not null)
            builder.Services.AddSingleton(last);
        if (models is not null)
            builder.Services.AddSingleton(models);
        return new IndexingBench(builder.Build(), database, folder, beside is null);
    }

    public async Task RunAsync(string taskId, CancellationToken cancellationToken = default)
    {
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IndexingPipeline>().RunAsync(taskId, cancellationToken);
    }

    /// <summary>Runs the next task of the queue.</summary>
    /// <returns>Id of the task; null if none is due.</returns>
    public async Task<string?> RunNextAsync(CancellationToken cancellationToken = default)
    {
        await using var scope = Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IndexingPipeline>().RunNextAsync(cancellationToken);
    }

    /// <summary>Ids of the tasks that wait for an attempt and are due, oldest first.</summary>
    public async Task<List<string>> WaitingAsync()
    {
        await Services.GetRequiredService<TaskQueue>().ReturnAsync(default);
        TaskState[] ended = [TaskState.Ready, TaskState.Failed];
        return await QueryAsync(db => db.Tasks
            .Where(task => task.AttemptToken == null && task.RetryAt == null && !ended.Contains(task.State))
            .OrderBy(task => task.CreatedAt).ThenBy(task => task.Id).Select(task => task.Id).ToListAsync());
    }

    public async Task<T> InScopeAsync<TService, T>(Func<TService, Task<T>> work) where TService : notnull
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }

    /// <summary>Adds a task with its account, index and video. A clip is stored as after an upload.</summary>
    public async Task<IndexingTask> AddTaskAsync(
        string? clip = null, string? videoUrl = null, string? transcriptUrl = null, string[]? options = null, string[]? addons = null,
        TaskState? state = null, string? transcript = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        string New() => ObjectIds.New(TimeProvider.System);
        var account = new Account { Id = New(), Name = New(), CreatedAt = now };
        var index = new VideoIndex
        {
            Id = New(), AccountId = account.Id, Name = New(), EngineId = "marengo2", Options = options ?? [IndexOptions.Visual],
            Addons = addons ?? [], CreatedAt = now, UpdatedAt = now,
        };
        var video = new Video
        {
            Id = New(), AccountId = account.Id, IndexId = index.Id, Filename = "clip.mp4", CreatedAt = now, UpdatedAt = now,
        };
        var task = new IndexingTask
        {
            Id = New(), AccountId = account.Id, IndexId = index.Id, VideoId = video.Id, Language = "en", Filename = "clip.mp4",
            CreatedAt = now, UpdatedAt = now,
            VideoUrl = videoUrl, TranscriptionUrl = transcriptUrl,
            ProvidesTranscription = transcriptUrl is not null || transcript is not null,
            State = state ?? (videoUrl is null ? TaskState.Pending : TaskState.Validating),
        };
        await using var db = Database.Open();
        db.AddRange(account, index, video, task);
        await db.SaveChangesAsync();
        if (clip is not null)
            File.Copy(clip, Files.VideoPath(video.Id));
        if (transcript is not null)
            await File.WriteAllTextAsync(Files.TranscriptPath(video.Id), transcript);
        return task;
    }

    public async Task<IndexingTask> ReadAsync(string taskId)
    {
        await using var db = Database.Open();
        return await db.Tasks.AsNoTracking().SingleAsync(task => task.Id == taskId);
    }

    public async Task<T> QueryAsync<T>(Func<VideoDbContext, Task<T>> query)
    {
        await using var db = Database.Open();
        return await query(db);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
        if (_ownsFolder)
            Directory.Delete(_folder, recursive: true);
    }
}

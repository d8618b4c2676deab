using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using VideoUnderstanding.Data.Objects;
using VideoUnderstanding.Indexing.Fetching;
using VideoUnderstanding.Indexing.Integrations;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Indexing.Logos;
using VideoUnderstanding.Indexing.Pictures;
using VideoUnderstanding.Indexing.Progress;
using VideoUnderstanding.Indexing.Sound;
using VideoUnderstanding.Indexing.Speech;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Indexing.Switching;
using VideoUnderstanding.Indexing.Upkeep;
using VideoUnderstanding.Indexing.Webhooks;

namespace VideoUnderstanding.Indexing;

public static class IndexingServices
{
    public static IHostApplicationBuilder AddIndexing(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        AddOptions(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ResolveHost>(System.Net.Dns.GetHostAddressesAsync);
        services.AddSingleton<GuardedConnections>();
        services.AddSingleton<AddressFetcher>();
        services.AddSingleton<WebhookAddress>();
        services.AddSingleton<ConnectToStore>(provider => (integration, context, cancellationToken) => integration.AllowPrivateNetwork
            ? provider.GetRequiredService<GuardedConnections>().ConnectUnrestrictedAsync(context, cancellationToken)
            : provider.GetRequiredService<GuardedConnections>().ConnectAsync(context, cancellationToken));
        services.AddSingleton<ObjectStore>();
        services.AddSingleton<ObjectFetcher>();
        services.AddSingleton<WatchedFolders>();
        services.AddSingleton<SharedFolder>();
        services.AddSingleton<SourceFetcher>();
        services.AddSingleton<TransferSources>();
        services.AddSingleton<StageSpeeds>();
        services.AddSingleton<ProgressWriters>();
        services.AddSingleton<TaskJournal>();
        services.AddSingleton<ChunkCommits>();
        services.AddSingleton<RunStarter>();
        services.AddSingleton<SessionLeases>();
        services.AddSingleton<TaskQueue>();
        services.TryAddSingleton(_ => new WorkerNode($"{Environment.MachineName}:{Environment.ProcessId}", () => false, 1));
        services.AddSingleton<RunEnding>();
        services.AddScoped<StorageCleanup>();
        AddStages(services);
        services.AddScoped<StageSequence>();
        services.AddScoped<IndexingPipeline>();
        services.AddSingleton<PictureSettings>();
        services.AddSingleton<PictureKeeping>();
        services.AddSingleton<SpeechTrack>();
        services.AddSingleton<StoredFrames>();
        services.AddSingleton<PictureEmbedding>();
        services.AddScoped<SpeechAgain>();
        services.AddScoped<LogoEmbedding>();
        services.AddScoped<GenerationWriter>();
        services.AddScoped<ModelSwitch>();
        services.AddScoped<NewIndexModels>();
        return builder;
    }

    private static void AddStages(IServiceCollection services)
    {
        // The registration order is the order of the pipeline.
        services.AddScoped<IIndexingStage, FetchSourcesStage>();
        services.AddScoped<IIndexingStage, SkipDuplicateStage>();
        services.AddScoped<IIndexingStage, ProbeMediaStage>();
        services.AddScoped<IIndexingStage, WatchPicturesStage>();
        services.AddScoped<IIndexingStage, HearSoundStage>();
        services.AddScoped<IIndexingStage, WriteThumbnailStage>();
    }

    private static void AddOptions(IServiceCollection services)
    {
        services.AddOptions<MediaLimits>().BindConfiguration(MediaLimits.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<IndexingOptions>().BindConfiguration(IndexingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<FrameSamplingOptions>().BindConfiguration(FrameSamplingOptions.Section).ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddOptions<ScreenTextOptions>().BindConfiguration(ScreenTextOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<LogoRegionOptions>().BindConfiguration(LogoRegionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SoundOptions>().BindConfiguration(SoundOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<FetchingOptions>().BindConfiguration(FetchingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
    }
}

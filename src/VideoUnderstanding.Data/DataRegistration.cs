using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Pgvector.EntityFrameworkCore;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Data.Installations;
using VideoUnderstanding.Data.Integrations;
using VideoUnderstanding.Data.Objects;
using VideoUnderstanding.Data.Quotas;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Data.Webhooks;

namespace VideoUnderstanding.Data;

public static class DataRegistration
{
    /// <summary>Name of the connection string.</summary>
    public const string ConnectionName = "Database";

    public static IHostApplicationBuilder AddData(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<LanguageOptions>().BindConfiguration(LanguageOptions.Section).ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddOptions<TransferOptions>().BindConfiguration(TransferOptions.Section).ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddOptions<ApiKeyOptions>().BindConfiguration(ApiKeyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<QuotaOptions>().BindConfiguration(QuotaOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<SearchTableOptions>().BindConfiguration(SearchTableOptions.Section).ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddOptions<IntegrationOptions>().BindConfiguration(IntegrationOptions.Section).ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<AccountIntegrations>();
        builder.Services.AddScoped<IntegrationStore>();
        builder.Services.AddScoped<IntegrationFiles>();
        builder.Services.AddSingleton<StorageQuotas>();
        builder.Services.AddSingleton<DataFolder>();
        builder.Services.AddFileStore();
        builder.Services.AddSingleton<StoredFiles>();
        builder.Services.AddSingleton<InstallationIdentity>();
        builder.Services.AddScoped<ApiKeyStore>();
        builder.Services.AddScoped<Removals>();
        builder.Services.AddScoped<WebhookRegistry>();
        builder.Services.AddDbContextPool<VideoDbContext>((services, options) => options.UseVideoDatabase(
            services.GetRequiredService<IConfiguration>().GetConnectionString(ConnectionName)
            ?? throw new InvalidOperationException($"No database: set ConnectionStrings:{ConnectionName}.")));
        builder.Services.AddSingleton<ReadReplica>();
        return builder;
    }

    /// <summary>Registers the bucket if one is configured, otherwise the data folder.</summary>
    private static void AddFileStore(this IServiceCollection services)
    {
        services.AddOptions<BucketOptions>().BindConfiguration(BucketOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<LocalCache>();
        services.AddSingleton<IFileStore>(provider => provider.GetRequiredService<IOptions<BucketOptions>>().Value.IsUsed
            ? ActivatorUtilities.CreateInstance<BucketStore>(provider)
            : ActivatorUtilities.CreateInstance<FolderStore>(provider));
        services.AddHostedService<BucketCleanup>();
        services.AddScoped<StoreOwnership>();
    }

    /// <summary>Configures PostgreSQL with the pgvector types.</summary>
    public static DbContextOptionsBuilder UseVideoDatabase(this DbContextOptionsBuilder options, string connectionString)
        => options.UseNpgsql(connectionString, npgsql => npgsql.UseVector());
}
